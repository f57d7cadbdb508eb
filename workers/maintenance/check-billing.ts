import type { Database } from '../../db/client.ts';
import { checkBooks } from '../../modules/commerce/billing/index.ts';
import { reconcileUsage, usageKeptSince } from '../../modules/commerce/metering/index.ts';
import { checkWallets } from '../../modules/commerce/wallets/check-wallets.ts';
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
  const wallets = await database.transaction(checkWallets);
  if (wallets.length > 0)
    log.error({ wallets: wallets.length }, 'Wallets and their entries differ: pandect wallets check');
  const found = { differences: differences.length, unbalanced: unbalanced.length, wallets: wallets.length };
  log.info(found, 'Checked billing');
}
