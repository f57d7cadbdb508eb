import { and, asc, eq, lt } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { documents } from '../../../db/schema/legal/documents.ts';
import type { Queue } from '../../../platform/capabilities/queue/index.ts';
import { removeDocument } from './delete.ts';

const BATCH = 100;

/**
 * Deletes versions of documents that were replaced before a time; without one, none. As after any deletion their files stay until a
 * newer backup is complete. Citations of earlier answers keep their quotes.
 * @returns how many
 */
export async function removeReplaced(
  { database, queue }: { database: Database; queue: Queue },
  before: Date | undefined,
): Promise<number> {
  if (before === undefined) return 0;
  for (let removed = 0; ; ) {
    const rows = await database.transaction((tx) =>
      tx
        .select({ id: documents.id, organizationId: documents.organizationId })
        .from(documents)
        .where(and(eq(documents.status, 'replaced'), lt(documents.updatedAt, before)))
        .orderBy(asc(documents.updatedAt))
        .limit(BATCH),
    );
    for (const { id, organizationId } of rows) {
      // Someone may have deleted it in the meantime.
      if (await database.transaction((tx) => removeDocument(tx, queue, { organizationId, reason: 'retention' }, id))) {
        removed += 1;
      }
    }
    if (rows.length < BATCH) return removed;
  }
}
