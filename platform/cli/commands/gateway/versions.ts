import type { Command } from 'commander';
import { wholeNumber } from '../../change-options.ts';
import { ask } from '../../control-client.ts';
import type { ConfigurationVersion } from '../../gateway-answers.ts';
import { examples, print, table } from '../../output.ts';
import { dateTime } from '../../quantities.ts';

export const MOST_VERSIONS = 2_147_483_647;

export const versions = (command: Command) =>
  command
    .command('versions')
    .description('List the configurations that were put in effect, newest first')
    .option('--limit <count>', 'at most so many', wholeNumber(1, 10_000), 50)
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect gateway versions', 'pandect gateway versions --limit 5 --json'))
    .action(async ({ limit, json }) => {
      const rows = await ask<ConfigurationVersion[]>('POST', '/operator/gateway/versions', { limit });
      const lines = rows.map(({ version, createdAt, by, comment }) => [
        version,
        dateTime(createdAt),
        by,
        comment ?? undefined,
      ]);
      const none = 'No version: what the environment says is in effect';
      print(json, rows, rows.length > 0 ? table(['VERSION', 'CREATED', 'BY', 'COMMENT'], lines) : none);
    });
