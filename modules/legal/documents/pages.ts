import { and, asc, eq, ne } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { documents } from '../../../db/schema/legal/documents.ts';
import { parsedPages } from '../../../db/schema/legal/parsed-pages.ts';
import { type EarlierPages, type PageBatch, parserName } from '../reading/index.ts';
import type { DocumentRef } from './change.ts';

/** Pages that an earlier attempt has read with this version's parser, from the first page on without a gap. */
export async function earlierPages(tx: Transaction, documentId: string): Promise<EarlierPages> {
  const ofDocument = eq(parsedPages.documentId, documentId);
  await tx.delete(parsedPages).where(and(ofDocument, ne(parsedPages.parser, parserName)));
  const batches = await tx.select().from(parsedPages).where(ofDocument).orderBy(asc(parsedPages.first));
  return joinBatches(batches as PageBatch[]);
}

/** Keeps pages until the text is stored. @throws when the document is not being processed any more, so that the reading ends */
export async function keepPages(
  tx: Transaction,
  { organizationId, documentId }: DocumentRef,
  { first, pages, notices, recognized }: PageBatch,
): Promise<void> {
  const [row] = await tx
    .select({ status: documents.status })
    .from(documents)
    .where(eq(documents.id, documentId))
    .for('key share');
  if (row?.status !== 'processing') throw new Error(`Keep pages of "${documentId}": it is not being processed`);
  await tx
    .insert(parsedPages)
    .values({ documentId, organizationId, first, pages, notices, recognized, parser: parserName })
    .onConflictDoUpdate({
      target: [parsedPages.documentId, parsedPages.first],
      set: { pages, notices, recognized, parser: parserName },
    });
}

export const forgetPages = (tx: Transaction, documentId: string) =>
  tx.delete(parsedPages).where(eq(parsedPages.documentId, documentId));

/**
 * The pages from the first one up to the first gap. Batches of two processes that read the same document at the same time may
 * overlap: the same page is the same in both.
 */
export function joinBatches(batches: readonly PageBatch[]): EarlierPages {
  const joined: EarlierPages = { pages: [], notices: [], recognized: [] };
  for (const { first, pages, notices, recognized } of batches) {
    const before = joined.pages.length;
    if (first > before + 1) break;
    joined.pages.push(...pages.slice(before + 1 - first));
    joined.notices.push(...notices);
    joined.recognized.push(...recognized.filter(({ page }) => page > before));
  }
  return joined;
}
