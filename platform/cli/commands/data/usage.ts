import type { Command } from 'commander';
import { ask, SILENCE_MS } from '../../control-client.ts';
import type { Difference } from '../../operator-answers.ts';
import { examples, print, table } from '../../output.ts';

export const usage = (program: Command) =>
  program
    .command('usage')
    .description('Look after what is metered')
    .command('reconcile')
    .description('Compare what was logged with the totals of months and organizations; status 1 when they differ')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect usage reconcile', 'pandect usage reconcile --json'))
    .action(async ({ json }) => {
      const differences = await ask<Difference[]>('GET', '/operator/usage/differences', undefined, SILENCE_MS);
      const lines = differences.map((row) => [row.organizationId, row.place, row.logged, row.summed]);
      const text =
        lines.length > 0
          ? table(['ORGANIZATION', 'FIGURE', 'LOGGED', 'SUMMED'], lines)
          : 'No difference: usage adds up';
      print(json, differences, text);
      if (lines.length > 0) process.exitCode = 1;
    });
