import { eq, sql } from 'drizzle-orm';
import type { Transaction } from '../../../../db/client.ts';
import { documents } from '../../../../db/schema/legal/documents.ts';

/** Notes whether a document's file is in the storage; of a missing one, the time when that was first seen stays. */
export async function markFile(tx: Transaction, id: string, isThere: boolean): Promise<void> {
  const fileMissingAt = isThere ? null : sql`coalesce(${documents.fileMissingAt}, now())`;
  await tx.update(documents).set({ fileMissingAt }).where(eq(documents.id, id));
}
