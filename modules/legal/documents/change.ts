import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { documents } from '../../../db/schema/legal/documents.ts';
import { announce, announceInGroup } from '../../../platform/capabilities/feed/index.ts';

/** Of the feed, for those who follow a document. */
export const documentTopic = 'document';

/** Of the feed, for those who follow all documents of an organization. */
export const documentsTopic = 'documents';

export type DocumentRow = typeof documents.$inferSelect;
export type DocumentStatus = DocumentRow['status'];
/** Names a document of an organization. */
export interface DocumentRef {
  organizationId: string;
  documentId: string;
}

/**
 * Changes a document that is in one of these states, and announces it. All changes of a document that readers see are made here.
 *
 * The order of locks: an operation that holds several rows until its end takes the live index generation
 * (`holdLiveGeneration`) first, then the organization (`lockPlan`), then documents. In another order two operations could
 * wait for each other.
 * @returns undefined, with nothing done, for a document in another state or one that is gone
 */
export async function changeDocument(
  tx: Transaction,
  id: string,
  from: readonly DocumentStatus[],
  changes: Partial<typeof documents.$inferInsert>,
): Promise<DocumentRow | undefined> {
  const [row] = await tx
    .update(documents)
    .set({ ...changes, updatedAt: sql`now()` })
    .where(and(eq(documents.id, id), inArray(documents.status, [...from])))
    .returning();
  if (row) await announceDocument(tx, row);
  return row;
}

/** Announces a change of a document that was made, also that it came or is gone. */
export async function announceDocument(
  tx: Transaction,
  { id, organizationId }: Pick<DocumentRow, 'id' | 'organizationId'>,
): Promise<void> {
  await announce(tx, documentTopic, id);
  await announceInGroup(tx, documentsTopic, organizationId, id);
}

export const documentExists = async (tx: Transaction, id: string): Promise<boolean> =>
  (await tx.$count(documents, eq(documents.id, id))) > 0;
