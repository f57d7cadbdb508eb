import type { Command } from 'commander';
import { type ChangeFlags, changeOptions, withChangeOptions } from '../../change-options.ts';
import { examples } from '../../output.ts';
import { showChange } from '../../show-change.ts';

export const rollback = (program: Command) =>
  withChangeOptions(
    program
      .command('rollback <name> [release]')
      .description('Switch back to the release before, or to one of `pandect releases`; nothing is built'),
  )
    .addHelpText('after', examples('pandect rollback ask', 'pandect rollback ask 1a2b3c4d5e6f'))
    .action(async (unit: string, release: string | undefined, flags: ChangeFlags) => {
      await showChange('/rollback', { unit, release, ...changeOptions(flags) }, flags);
    });
