import { hostname } from 'node:os';
import type { Command } from 'commander';
import { readEnvironment } from '../../../kernel/environment.ts';
import { PANDECT_HOSTS } from '../../../kernel/variables.ts';
import { limitsReached } from '../../../supervisor/logs/limits-reached.ts';
import { ask, currentHome, SILENCE_MS } from '../../control-client.ts';
import { moment } from '../../moment.ts';
import type { Difference } from '../../operator-answers.ts';
import { examples, print, table } from '../../output.ts';
import { dateTime } from '../../quantities.ts';

const ofOneHost = (count: number) =>
  `These are from the logs of host "${hostname()}", one of ${count}: run it on each of the others too; pandect hosts list names them`;

export function usage(program: Command): void {
  const command = program.command('usage').description('Look after what is metered');

  command
    .command('limits')
    .description('List the organizations that reached a limit, as the logs of this host tell')
    .option('--since <time>', 'from then on: 15m, 2h, 1d or a time; default: 1d', (text) => moment(text))
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect usage limits', 'pandect usage limits --since 15m --json'))
    .action(async ({ since = moment('1d'), json }: { since?: Date; json?: boolean }) => {
      const { logs } = await currentHome();
      const rows = await limitsReached(logs, since);
      const lines = rows.map((row) => [row.organizationId, row.reason, row.count, dateTime(row.last), row.unit]);
      const text =
        lines.length > 0
          ? table(['ORGANIZATION', 'LIMIT', 'TIMES', 'LAST', 'UNIT'], lines)
          : 'No organization reached a limit';
      print(json, rows, text);
      const { PANDECT_HOSTS: count } = readEnvironment([PANDECT_HOSTS], process.env);
      // Where it does not get into what a program reads.
      if (count > 1) console.error(ofOneHost(count));
    });

  command
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
}
