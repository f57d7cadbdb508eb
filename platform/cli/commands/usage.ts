import type { Command } from 'commander';
import type { Difference } from '../../../modules/commerce/metering/index.ts';
import { ask } from '../control-client.ts';
import { examples, print, table } from '../output.ts';

export const usage = (program: Command) =>
  program
    .command('usage')
    .description('Look after what is metered')
    .command('reconcile')
    .description('Compare what was logged with the totals of months and organizations; status 1 when they differ')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('pandect usage reconcile', 'pandect usage reconcile --json'))
    .action(async ({ json }) => {
      const differences = await findDifferences();
      const lines = differences.map((row) => [row.organizationId, row.place, row.logged, row.summed]);
      const text =
        lines.length > 0
          ? table(['ORGANIZATION', 'FIGURE', 'LOGGED', 'SUMMED'], lines)
          : 'No difference: usage adds up';
      print(json, differences, text);
      if (lines.length > 0) process.exitCode = 1;
    });

/** The library is loaded only for what needs it. */
async function findDifferences(): Promise<Difference[]> {
  const { url } = await ask<{ url: string }>('GET', '/database');
  const [{ createDatabase }, { reconcileUsage, usageKeptSince }, { readEnvironment }, { USAGE_RETENTION_DAYS }] =
    await Promise.all([
      import('../../../db/client.ts'),
      import('../../../modules/commerce/metering/index.ts'),
      import('../../kernel/environment.ts'),
      import('../../../modules/commerce/variables.ts'),
    ]);
  const database = createDatabase({ url, connections: 1, applicationName: 'pandect usage' });
  try {
    const { USAGE_RETENTION_DAYS: days } = readEnvironment([USAGE_RETENTION_DAYS]);
    return await reconcileUsage(database, days === undefined ? undefined : usageKeptSince(days, new Date()));
  } finally {
    await database.close();
  }
}
