import { and, eq } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { chunks } from '../../../db/schema/chunks.ts';
import { documentTexts } from '../../../db/schema/document-texts.ts';
import { documents } from '../../../db/schema/documents.ts';
import { indexedDocuments } from '../../../db/schema/indexed-documents.ts';
import { chunkText } from '../documents/chunk-text.ts';
import { documentFacts } from './document-facts.ts';

/** Stays below the 65,535 parameters of one statement. */
const ROWS_PER_INSERT = 1000;

export interface DocumentInIndex {
  generation: number;
  organizationId: string;
  documentId: string;
}

/**
 * Cuts a document's text for a generation, once: chunks that were cut for it before stay, with their ids, so that whoever
 * works on the same document at the same time adds the same records to the vector store. The caller holds the document's
 * row, see `holdDocument`.
 */
export async function cutText(
  tx: Transaction,
  { generation, organizationId, documentId }: DocumentInIndex,
  { text, pageStarts }: { text: string; pageStarts: readonly number[] },
): Promise<void> {
  if (await isCut(tx, generation, documentId)) return;
  // Of a time before generations were counted.
  await tx.delete(chunks).where(and(eq(chunks.documentId, documentId), eq(chunks.generation, generation)));
  const pieces = chunkText(text, pageStarts);
  for (let at = 0; at < pieces.length; at += ROWS_PER_INSERT) {
    await tx.insert(chunks).values(
      pieces.slice(at, at + ROWS_PER_INSERT).map((piece) => ({
        ...piece,
        documentId,
        organizationId,
        generation,
        content: text.slice(piece.start, piece.end),
      })),
    );
  }
  await tx.insert(indexedDocuments).values({ generation, documentId, organizationId, total: pieces.length });
}

/** The same for a document whose text is stored. @returns false when there is no such document any more */
export async function cutDocument(tx: Transaction, document: DocumentInIndex): Promise<boolean> {
  const { generation, documentId } = document;
  if (!(await holdDocument(tx, documentId))) return false;
  if (await isCut(tx, generation, documentId)) return true;
  const [stored] = await tx
    .select({
      content: documentTexts.content,
      pageStarts: documentTexts.pageStarts,
      title: documents.title,
      fileName: documents.fileName,
    })
    .from(documentTexts)
    .innerJoin(documents, eq(documents.id, documentTexts.documentId))
    .where(eq(documentTexts.documentId, documentId));
  if (!stored) return false;
  await tx.update(documents).set(documentFacts(stored, stored.content)).where(eq(documents.id, documentId));
  await cutText(tx, document, { text: stored.content, pageStarts: stored.pageStarts });
  return true;
}

/** Keeps others who would cut or delete it waiting until this transaction ends. @returns false when it is gone */
export async function holdDocument(tx: Transaction, documentId: string): Promise<boolean> {
  const rows = await tx
    .select({ id: documents.id })
    .from(documents)
    .where(eq(documents.id, documentId))
    .for('no key update');
  return rows.length > 0;
}

const isCut = async (tx: Transaction, generation: number, documentId: string): Promise<boolean> =>
  (await tx.$count(
    indexedDocuments,
    and(eq(indexedDocuments.generation, generation), eq(indexedDocuments.documentId, documentId)),
  )) > 0;
