import { and, eq } from 'drizzle-orm';
import type { Database, Transaction } from '../../../db/client.ts';
import { documentTexts } from '../../../db/schema/legal/document-texts.ts';
import { documents } from '../../../db/schema/legal/documents.ts';
import { indexedDocuments } from '../../../db/schema/legal/indexed-documents.ts';
import { storeChunks } from '../documents/chunks.ts';
import type { TextCutter, TextStructure } from '../reading/index.ts';

export interface DocumentInIndex {
  generation: number;
  organizationId: string;
  documentId: string;
}

/**
 * Stores a text's structure for a generation, once: chunks that were cut for it before stay, with their ids, so that others
 * who work on the same document at the same time add the same records to the vector store. The caller holds the document's
 * row, see `holdDocument`.
 */
export async function storeStructure(
  tx: Transaction,
  document: DocumentInIndex,
  text: string,
  structure: TextStructure,
): Promise<void> {
  const { generation, organizationId, documentId } = document;
  if (await isCut(tx, generation, documentId)) return;
  await storeChunks(tx, document, text, structure);
  await tx.insert(indexedDocuments).values({ generation, documentId, organizationId, total: structure.chunks.length });
}

/**
 * Cuts a document whose text is stored, where that was not done before. The text is cut outside of any transaction.
 * @returns false when there is no such document any more
 */
export async function cutDocument(
  database: Database,
  document: DocumentInIndex,
  cut: TextCutter['cut'],
  signal: AbortSignal,
): Promise<boolean> {
  const { generation, organizationId, documentId } = document;
  const stored = await database.tenant(organizationId, async (tx) => {
    if (await isCut(tx, generation, documentId)) return 'cut';
    const [row] = await tx
      .select({
        text: documentTexts.content,
        pageStarts: documentTexts.pageStarts,
        title: documents.title,
        fileName: documents.fileName,
      })
      .from(documentTexts)
      .innerJoin(documents, eq(documents.id, documentTexts.documentId))
      .where(eq(documentTexts.documentId, documentId));
    return row;
  });
  if (stored === undefined) return false;
  if (stored === 'cut') return true;
  const structure = await cut(stored, signal);
  return database.tenant(organizationId, async (tx) => {
    if (!(await holdDocument(tx, documentId))) return false;
    await storeStructure(tx, document, stored.text, structure);
    return true;
  });
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
