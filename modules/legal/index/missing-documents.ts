import { and, asc, count, eq, isNull, lt, or, sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { documents } from '../../../db/schema/legal/documents.ts';
import { indexedDocuments } from '../../../db/schema/legal/indexed-documents.ts';

/** How far a generation is: its part of all ready documents. */
export interface IndexProgress {
  done: number;
  total: number;
}

const rowOf = (generation: number) =>
  and(eq(indexedDocuments.documentId, documents.id), eq(indexedDocuments.generation, generation));

const isMissing = or(isNull(indexedDocuments.total), lt(indexedDocuments.done, indexedDocuments.total));

/** Ready documents that a generation does not hold, or not all of; in the order of their ids. */
export const missingDocuments = (
  tx: Transaction,
  generation: number,
  { organizationId, after, limit }: { organizationId?: string; after?: string | undefined; limit: number },
): Promise<{ organizationId: string; documentId: string }[]> =>
  tx
    .select({ organizationId: documents.organizationId, documentId: documents.id })
    .from(documents)
    .leftJoin(indexedDocuments, rowOf(generation))
    .where(
      and(
        eq(documents.status, 'ready'),
        isMissing,
        organizationId ? eq(documents.organizationId, organizationId) : undefined,
        after ? sql`${documents.id} > ${after}` : undefined,
      ),
    )
    .orderBy(asc(documents.id))
    .limit(limit);

/** Organizations with documents that a generation lacks. */
export async function organizationsBehind(tx: Transaction, generation: number, limit: number): Promise<string[]> {
  const rows = await tx
    .selectDistinct({ organizationId: documents.organizationId })
    .from(documents)
    .leftJoin(indexedDocuments, rowOf(generation))
    .where(and(eq(documents.status, 'ready'), isMissing))
    .limit(limit);
  return rows.map(({ organizationId }) => organizationId);
}

export async function indexProgress(tx: Transaction, generation: number): Promise<IndexProgress> {
  const [row] = await tx
    .select({ total: count(), missing: sql<number>`count(*) filter (where ${isMissing})`.mapWith(Number) })
    .from(documents)
    .leftJoin(indexedDocuments, rowOf(generation))
    .where(eq(documents.status, 'ready'));
  const { total, missing } = row ?? { total: 0, missing: 0 };
  return { done: total - missing, total };
}

/** Chunks of ready documents that a generation's store must hold by what is written down, by organization. */
export async function writtenChunks(
  tx: Transaction,
  generation: number,
  which: { organizationId?: string; sample?: number } = {},
): Promise<Map<string, number>> {
  const query = tx
    .select({
      organizationId: indexedDocuments.organizationId,
      total: sql<number>`sum(${indexedDocuments.done})`.mapWith(Number),
    })
    .from(indexedDocuments)
    .innerJoin(documents, eq(documents.id, indexedDocuments.documentId))
    .where(
      and(
        eq(indexedDocuments.generation, generation),
        eq(documents.status, 'ready'),
        which.organizationId ? eq(indexedDocuments.organizationId, which.organizationId) : undefined,
      ),
    )
    .groupBy(indexedDocuments.organizationId);
  const rows = await (which.sample ? query.orderBy(sql`random()`).limit(which.sample) : query);
  return new Map(rows.map(({ organizationId, total }) => [organizationId, total]));
}

/** Has what an organization's documents hold of a generation put into its store again; its chunks keep their ids. */
export const forgetProgress = (tx: Transaction, generation: number, organizationId: string): Promise<unknown> =>
  tx
    .update(indexedDocuments)
    .set({ done: 0, updatedAt: sql`now()` })
    .where(and(eq(indexedDocuments.generation, generation), eq(indexedDocuments.organizationId, organizationId)));
