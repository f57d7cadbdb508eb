import type { Database } from '../../db/client.ts';
import { checkBooks } from '../../modules/commerce/billing/index.ts';
import { reconcileUsage, usageKeptSince } from '../../modules/commerce/metering/index.ts';
import type { Log } from '../../platform/kernel/log.ts';

/** Compares what was charged with what is summed, and the ledger with itself; operators see what does not agree. */
export async function checkBilling(
  { database, usageDays }: { database: Database; usageDays: number | undefined },
  log: Log,
  now: Date,
): Promise<void> {
  const since = usageDays === undefined ? undefined : usageKeptSince(usageDays, now);
  const differences = await reconcileUsage(database, since);
  const unbalanced = await database.transaction(checkBooks);
  if (differences.length > 0)
    log.error({ differences: differences.length }, 'Usage and its sums differ: pandect reconcile');
  if (unbalanced.length > 0) log.error({ transactions: unbalanced.length }, 'The ledger does not balance');
  log.info({ differences: differences.length, unbalanced: unbalanced.length }, 'Checked billing');
}
