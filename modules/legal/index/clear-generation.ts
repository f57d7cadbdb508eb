import { and, eq } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { indexGenerations } from '../../../db/schema/legal/index-generations.ts';
import { indexedDocuments } from '../../../db/schema/legal/indexed-documents.ts';
import { deleteGeneration } from '../documents/chunks.ts';
import type { IndexStores } from './live-store.ts';

/**
 * Removes what removed generations left, one organization after the other: records, chunks, and last the rows that tell of
 * them, so that one that was cut off continues where it was.
 * @returns how many organizations were cleared
 */
export async function clearRemoved(database: Database, stores: IndexStores, signal: AbortSignal): Promise<number> {
  let cleared = 0;
  for (;;) {
    signal.throwIfAborted();
    const [left] = await database.transaction((tx) =>
      tx
        .select({ generation: indexGenerations, organizationId: indexedDocuments.organizationId })
        .from(indexedDocuments)
        .innerJoin(
          indexGenerations,
          and(eq(indexGenerations.generation, indexedDocuments.generation), eq(indexGenerations.state, 'removed')),
        )
        .limit(1),
    );
    if (!left) return cleared;
    const { generation, organizationId } = left;
    await (await stores.of(generation)).removeOrganization(organizationId);
    await database.transaction(async (tx) => {
      const { generation: number } = generation;
      await deleteGeneration(tx, organizationId, number);
      await tx
        .delete(indexedDocuments)
        .where(and(eq(indexedDocuments.organizationId, organizationId), eq(indexedDocuments.generation, number)));
    });
    cleared += 1;
  }
}
