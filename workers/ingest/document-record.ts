import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Database, Transaction } from '../../db/client.ts';
import { chunks } from '../../db/schema/chunks.ts';
import { documentTexts } from '../../db/schema/document-texts.ts';
import { documents } from '../../db/schema/documents.ts';
import { organizations } from '../../db/schema/organizations.ts';
import { announceChange } from '../../platform/capabilities/document-feed/index.ts';
import {
  chunkText,
  type ParsedDocument,
  type ParseFailure,
  type ParseProgress,
} from '../../platform/capabilities/documents/index.ts';
import { type Notifications, tellDocumentFailure } from '../../platform/capabilities/notifications/index.ts';

export type SavedChunk = typeof chunks.$inferSelect;

/** A document's row and what belongs to it, as the ingestion of it moves on. */
export interface DocumentRecord {
  /** Marks it as being processed; `undefined` when there is nothing to do, or no document any more. */
  begin(): Promise<typeof documents.$inferSelect | undefined>;
  /** Called often; written at most twice a second. */
  progress(progress: ParseProgress): void;
  saveText(parsed: ParsedDocument): Promise<SavedChunk[]>;
  /** False when it was deleted before. */
  exists(): Promise<boolean>;
  /** False when it is no longer being processed, for instance because it was deleted meanwhile. */
  ready(parsed: ParsedDocument): Promise<boolean>;
  /** Tells whoever uploaded it, once for each job. */
  fail(code: ParseFailure['code'] | 'unavailable', jobId: string): Promise<void>;
}

const PROGRESS_MS = 500;
/** Stays below the 65,535 parameters of one statement. */
const ROWS_PER_INSERT = 1000;

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
  let written = 0;

  return {
    // One that failed comes back only when an operator has its job done after all.
    begin: () =>
      update({ status: 'processing', failure: null, pagesDone: 0, pagesTotal: 0 }, 'queued', 'processing', 'failed'),

    exists: () =>
      database.tenant(organizationId, async (tx) => (await tx.$count(documents, eq(documents.id, documentId))) > 0),

    progress({ pagesDone, pagesTotal }) {
      if (Date.now() - written < PROGRESS_MS) return;
      written = Date.now();
      // Only shown; the next one corrects it.
      update({ pagesDone, pagesTotal }, 'processing').catch(() => {});
    },

    async saveText({ text, pageStarts }) {
      const pieces = chunkText(text, pageStarts);
      return database.tenant(organizationId, async (tx) => {
        await tx.delete(chunks).where(eq(chunks.documentId, documentId));
        await tx
          .insert(documentTexts)
          .values({ documentId, organizationId, content: text, pageStarts })
          .onConflictDoUpdate({ target: documentTexts.documentId, set: { content: text, pageStarts } });
        const saved: SavedChunk[] = [];
        for (let at = 0; at < pieces.length; at += ROWS_PER_INSERT) {
          const rows = pieces.slice(at, at + ROWS_PER_INSERT).map((piece) => ({
            ...piece,
            documentId,
            organizationId,
            content: text.slice(piece.start, piece.end),
          }));
          saved.push(...(await tx.insert(chunks).values(rows).returning()));
        }
        return saved;
      });
    },

    async ready({ pageStarts, language }) {
      const pages = pageStarts.length;
      return database.tenant(organizationId, async (tx) => {
        const [row] = await tx
          .update(documents)
          .set({ status: 'ready', language, pagesDone: pages, pagesTotal: pages, updatedAt: sql`now()` })
          .where(and(eq(documents.id, documentId), eq(documents.status, 'processing')))
          .returning();
        if (!row) return false;
        await tx
          .update(organizations)
          .set({ documentsVersion: sql`${organizations.documentsVersion} + 1` })
          .where(eq(organizations.id, organizationId));
        await announceChange(tx, documentId);
        return true;
      });
    },

    async fail(code, jobId) {
      await database.tenant(organizationId, async (tx) => {
        const document = await updateIn(tx, { status: 'failed', failure: code }, 'queued', 'processing');
        if (document) await tellDocumentFailure(tx, notifications, document, code, `${documentId}/${jobId}`);
      });
    },
  };
}
