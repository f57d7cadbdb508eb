import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Database, Transaction } from '../../db/client.ts';
import { documentTexts } from '../../db/schema/legal/document-texts.ts';
import { documents } from '../../db/schema/legal/documents.ts';
import { parsedPages } from '../../db/schema/legal/parsed-pages.ts';
import { organizations } from '../../db/schema/people/organizations.ts';
import { lockPlan } from '../../modules/commerce/metering/index.ts';
import { announceChange } from '../../modules/legal/documents/document-feed.ts';
import { notifyDocumentFailure } from '../../modules/legal/documents/notify-failure.ts';
import { replaceDocument } from '../../modules/legal/documents/versions.ts';
import { holdDocument, holdLiveGeneration, storeStructure } from '../../modules/legal/index/index.ts';
import type { ParsedDocument, ParseFailure, ParseProgress, TextStructure } from '../../modules/legal/reading/index.ts';
import type { Notifications } from '../../platform/capabilities/outbox/index.ts';
import { createPageCheckpoints, type PageCheckpoints } from './page-checkpoints.ts';

export type DocumentRow = typeof documents.$inferSelect;

/** A document's row and what belongs to it, as the ingestion of it moves on. */
export interface DocumentRecord extends PageCheckpoints {
  /** Marks it as being processed; `undefined` when there is nothing to do, or no document any more. */
  begin(): Promise<DocumentRow | undefined>;
  /** Only shown; the next one corrects it. */
  progress(progress: ParseProgress): Promise<void>;
  /** Whether an earlier attempt has come as far as `saveText`. */
  hasText(): Promise<boolean>;
  /** Keeps the text, what is known from it and its chunks for this index generation, and forgets the pages; all or nothing. */
  saveText(parsed: ParsedDocument, structure: TextStructure, generation: number): Promise<void>;
  /** False when it was deleted before. */
  exists(): Promise<boolean>;
  /**
   * `behind`: another index generation is live than the one that holds it; `over`: it is no longer being processed, for
   * instance because it was deleted meanwhile.
   */
  ready(generation: number): Promise<'ready' | 'behind' | 'over'>;
  /** Tells whoever uploaded it, once for each job. */
  fail(code: ParseFailure['code'] | 'unavailable', jobId: string): Promise<void>;
}

/** After these, a retry goes on behind the pages that were read. */
const goesOn: string[] = ['too-slow', 'unavailable'];

export function createDocumentRecord(
  { database, notifications }: { database: Database; notifications: Notifications },
  organizationId: string,
  documentId: string,
): DocumentRecord {
  type Changes = Partial<typeof documents.$inferInsert>;
  type Statuses = ('queued' | 'processing' | 'failed')[];
  const updateIn = async (tx: Transaction, changes: Changes, ...from: Statuses) => {
    const [row] = await tx
      .update(documents)
      .set({ ...changes, updatedAt: sql`now()` })
      .where(and(eq(documents.id, documentId), inArray(documents.status, from)))
      .returning();
    if (row) await announceChange(tx, documentId);
    return row;
  };
  const update = (changes: Changes, ...from: Statuses) =>
    database.tenant(organizationId, (tx) => updateIn(tx, changes, ...from));

  return {
    ...createPageCheckpoints(database, organizationId, documentId),

    // One that failed comes back only when an operator has its job done after all.
    begin: () => update({ status: 'processing', failure: null }, 'queued', 'processing', 'failed'),

    exists: () =>
      database.tenant(organizationId, async (tx) => (await tx.$count(documents, eq(documents.id, documentId))) > 0),

    async progress({ pagesDone, pagesTotal }) {
      await update({ pagesDone, pagesTotal }, 'processing');
    },

    hasText: () =>
      database.tenant(
        organizationId,
        async (tx) => (await tx.$count(documentTexts, eq(documentTexts.documentId, documentId))) > 0,
      ),

    async saveText(parsed, structure, generation) {
      await database.tenant(organizationId, async (tx) => {
        // Another process that was taken for dead may have been quicker; then its text and chunks stay.
        if (!(await holdDocument(tx, documentId))) return;
        if ((await tx.$count(documentTexts, eq(documentTexts.documentId, documentId))) > 0) return;
        const { text, pageStarts, language, notices, noticesOmitted } = parsed;
        const pages = pageStarts.length;
        const read = { language, pagesDone: pages, pagesTotal: pages, notices, noticesOmitted };
        const row = await updateIn(tx, read, 'processing');
        if (!row) return;
        await tx.insert(documentTexts).values({ documentId, organizationId, content: text, pageStarts });
        await storeStructure(tx, { generation, organizationId, documentId }, text, structure);
        await tx.delete(parsedPages).where(eq(parsedPages.documentId, documentId));
      });
    },

    ready: (generation) =>
      database.tenant(organizationId, async (tx) => {
        if ((await holdLiveGeneration(tx)) !== generation) return 'behind';
        // First the organization, then its documents, as deleting one does: the other way round the two could wait for each other.
        await lockPlan(tx, organizationId);
        const row = await updateIn(tx, { status: 'ready' }, 'processing');
        if (!row) return 'over';
        await replaceDocument(tx, row);
        await tx
          .update(organizations)
          .set({ documentsVersion: sql`${organizations.documentsVersion} + 1` })
          .where(eq(organizations.id, organizationId));
        return 'ready';
      }),

    async fail(code, jobId) {
      await database.tenant(organizationId, async (tx) => {
        const document = await updateIn(tx, { status: 'failed', failure: code }, 'queued', 'processing');
        if (!goesOn.includes(code)) await tx.delete(parsedPages).where(eq(parsedPages.documentId, documentId));
        if (document) await notifyDocumentFailure(tx, notifications, document, code, `${documentId}/${jobId}`);
      });
    },
  };
}
