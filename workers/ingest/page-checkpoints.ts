import { and, asc, eq, ne } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { documents } from '../../db/schema/legal/documents.ts';
import { parsedPages } from '../../db/schema/legal/parsed-pages.ts';
import { type EarlierPages, type PageBatch, parserName } from '../../modules/legal/reading/index.ts';

/** Pages of a document that were read and are kept until its text is. */
export interface PageCheckpoints {
  /** Those that an earlier attempt has read with this version's parser, from the first page on without a gap. */
  earlierPages(): Promise<EarlierPages>;
  /** @throws when the document is not being processed any more, so that the reading ends */
  keepPages(batch: PageBatch): Promise<void>;
}

export function createPageCheckpoints(database: Database, organizationId: string, documentId: string): PageCheckpoints {
  const ofDocument = eq(parsedPages.documentId, documentId);
  return {
    async earlierPages() {
      const batches = await database.tenant(organizationId, async (tx) => {
        await tx.delete(parsedPages).where(and(ofDocument, ne(parsedPages.parser, parserName)));
        return tx.select().from(parsedPages).where(ofDocument).orderBy(asc(parsedPages.first));
      });
      return joinBatches(batches as PageBatch[]);
    },

    keepPages: ({ first, pages, notices }) =>
      database.tenant(organizationId, async (tx) => {
        const [row] = await tx
          .select({ status: documents.status })
          .from(documents)
          .where(eq(documents.id, documentId))
          .for('key share');
        if (row?.status !== 'processing') throw new Error(`Keep pages of "${documentId}": it is not being processed`);
        await tx
          .insert(parsedPages)
          .values({ documentId, organizationId, first, pages, notices, parser: parserName })
          .onConflictDoUpdate({
            target: [parsedPages.documentId, parsedPages.first],
            set: { pages, notices, parser: parserName },
          });
      }),
  };
}

/**
 * The pages from the first one up to the first gap. Batches of two processes that read the same document at the same time may
 * overlap: the same page is the same in both.
 */
export function joinBatches(batches: readonly PageBatch[]): EarlierPages {
  const joined: EarlierPages = { pages: [], notices: [] };
  for (const { first, pages, notices } of batches) {
    if (first > joined.pages.length + 1) break;
    joined.pages.push(...pages.slice(joined.pages.length + 1 - first));
    joined.notices.push(...notices);
  }
  return joined;
}
