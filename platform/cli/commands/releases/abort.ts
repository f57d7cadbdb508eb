import type { Command } from 'commander';
import { type ChangeFlags, changeOptions, withChangeOptions } from '../../change-options.ts';
import { examples } from '../../output.ts';
import { showChange } from '../../show-change.ts';

export const abort = (program: Command) =>
  withChangeOptions(
    program.command('abort <name>').description('Send all callers back to the release before the canary'),
  )
    .addHelpText('after', examples('pandect abort ask'))
    .action(async (unit: string, flags: ChangeFlags) => {
      await showChange('/abort', { unit, ...changeOptions(flags) }, flags);
    });
