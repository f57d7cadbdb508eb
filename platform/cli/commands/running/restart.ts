import type { Command } from 'commander';
import { type ChangeFlags, changeOptions, withChangeOptions } from '../../change-options.ts';
import { examples } from '../../output.ts';
import { showChange } from '../../show-change.ts';

export const restart = (program: Command) =>
  withChangeOptions(
    program
      .command('restart [names...]')
      .description('Replace the processes of these functions or workers, or of all, without losing a request'),
  )
    .addHelpText('after', examples('pandect restart ask', 'pandect restart'))
    .action(async (units: string[], flags: ChangeFlags) => {
      await showChange('/restart', { units, ...changeOptions(flags) }, flags);
    });
