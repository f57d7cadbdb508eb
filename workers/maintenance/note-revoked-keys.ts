import { gt } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { apiKeys } from '../../db/schema/people/api-keys.ts';
import type { ErasureJournal } from '../../platform/capabilities/storage/erasure-journal.ts';

/** Revocations are noted again for so long, should the process have been away. */
const LOOK_BACK_MS = 24 * 3_600_000;

/** Notes outside of the database which keys were revoked, so that a restored database does not let them in again. */
export async function noteRevokedKeys(
  { database, erasureJournal }: { database: Database; erasureJournal: ErasureJournal },
  now: Date,
): Promise<void> {
  const since = new Date(now.getTime() - LOOK_BACK_MS);
  const rows = await database.transaction((tx) =>
    tx.select({ id: apiKeys.id }).from(apiKeys).where(gt(apiKeys.revokedAt, since)),
  );
  for (const { id } of rows) await erasureJournal.note({ kind: 'key', id });
}
