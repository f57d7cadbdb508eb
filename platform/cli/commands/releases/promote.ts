import type { Command } from 'commander';
import { type ChangeFlags, changeOptions, withChangeOptions } from '../../change-options.ts';
import { examples } from '../../output.ts';
import { showChange } from '../../show-change.ts';

export const promote = (program: Command) =>
  withChangeOptions(program.command('promote <name>').description('Send all callers to the canary'))
    .addHelpText('after', examples('pandect promote ask'))
    .action(async (unit: string, flags: ChangeFlags) => {
      await showChange('/promote', { unit, ...changeOptions(flags) }, flags);
    });
