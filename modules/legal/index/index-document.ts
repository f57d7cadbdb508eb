import { and, asc, eq, gte, sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { chunks } from '../../../db/schema/legal/chunks.ts';
import { documents } from '../../../db/schema/legal/documents.ts';
import { indexedDocuments } from '../../../db/schema/legal/indexed-documents.ts';
import type { TextCutter } from '../reading/index.ts';
import { cutDocument } from './cut-document.ts';
import type { Index } from './indexes.ts';

const BATCH = 64;

export interface DocumentToIndex {
  organizationId: string;
  documentId: string;
  cut: TextCutter['cut'];
  signal: AbortSignal;
}

/**
 * Brings a document whose text is stored into an index: cuts it where that was not done before, and adds its chunks to
 * the vector store batch by batch. How far it got is kept with each batch, so that anyone who comes after continues from there.
 * Two who do it at once add the same records.
 * @returns false when the document is gone
 */
export async function indexDocument(
  database: Database,
  { generation: { generation }, store, embedder }: Index,
  { organizationId, documentId, cut, signal }: DocumentToIndex,
): Promise<boolean> {
  const document = { generation, organizationId, documentId };
  if (!(await cutDocument(database, document, cut, signal))) return false;
  for (;;) {
    const next = await nextBatch(database, document);
    if (!next) return false;
    if (next.batch.length === 0) return true;
    const { description, done, batch } = next;
    // Found by its document's description and headings as well; only its own text is ever shown or quoted.
    const texts = batch.map((chunk) => [description, ...chunk.headingPath, chunk.content].join('\n'));
    const { vectors } = await embedder.embed(texts, 'document', signal);
    signal.throwIfAborted();
    await store.upsert(
      organizationId,
      batch.map(({ id, content, headingPath }, index) => ({
        chunkId: id,
        documentId,
        text: content,
        headings: headingPath,
        description,
        vector: vectors[index] as Float32Array,
      })),
    );
    await keepProgress(database, document, done + batch.length);
  }
}

type Place = { generation: number; organizationId: string; documentId: string };

const here = ({ generation, documentId }: Place) =>
  and(eq(indexedDocuments.generation, generation), eq(indexedDocuments.documentId, documentId));

/** The first chunks that are not known to be in the vector store. @returns undefined when the document is gone */
function nextBatch(database: Database, place: Place) {
  return database.tenant(place.organizationId, async (tx) => {
    const [row] = await tx
      .select({ done: indexedDocuments.done, description: documents.description, title: documents.title })
      .from(indexedDocuments)
      .innerJoin(documents, eq(documents.id, indexedDocuments.documentId))
      .where(here(place));
    if (!row) return undefined;
    const batch = await tx
      .select({ id: chunks.id, headingPath: chunks.headingPath, content: chunks.content })
      .from(chunks)
      .where(
        and(
          eq(chunks.documentId, place.documentId),
          eq(chunks.generation, place.generation),
          gte(chunks.ordinal, row.done),
        ),
      )
      .orderBy(asc(chunks.ordinal))
      .limit(BATCH);
    return { done: row.done, description: row.description ?? row.title, batch };
  });
}

const keepProgress = (database: Database, place: Place, done: number) =>
  database.tenant(place.organizationId, (tx) =>
    tx
      .update(indexedDocuments)
      .set({ done: sql`greatest(${indexedDocuments.done}, ${done})`, updatedAt: sql`now()` })
      .where(here(place)),
  );
