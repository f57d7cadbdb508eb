import type { Command } from 'commander';
import { type ChangeFlags, changeOptions, wholeNumber, withChangeOptions } from '../../change-options.ts';
import { examples } from '../../output.ts';
import { showChange } from '../../show-change.ts';

interface Flags extends ChangeFlags {
  all?: boolean;
  canary?: number;
}

export const deploy = (program: Command) =>
  withChangeOptions(
    program
      .command('deploy [names...]')
      .description('Build functions, workers or a site from the checkout and switch to them without losing a request')
      .option('--all', 'everything in the checkout')
      .option(
        '--canary <percent>',
        'send only this share of callers to it, until promote or abort',
        wholeNumber(1, 99),
      ),
  )
    .addHelpText(
      'after',
      examples(
        'pandect deploy ask search',
        'pandect deploy web',
        'pandect deploy --all --watch 60',
        'pandect deploy ask --canary 10',
      ),
    )
    .action(async (units: string[], flags: Flags) => {
      const { all, canary, json } = flags;
      if (all ? units.length > 0 : units.length === 0)
        throw new Error('Deploy: name functions, workers or a site, or say --all');
      const body = { units, ...(all && { all }), ...(canary !== undefined && { canary }), ...changeOptions(flags) };
      await showChange('/deploy', body, { json });
    });
