import { eq } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { documentTexts } from '../../../db/schema/legal/document-texts.ts';
import { recognizedPages } from '../../../db/schema/legal/recognized-pages.ts';
import { holdDocument, storeStructure } from '../index/index.ts';
import type { ParsedDocument, TextStructure } from '../reading/index.ts';
import { changeDocument, type DocumentRef } from './change.ts';
import { forgetPages } from './pages.ts';

/** Keeps a statement below a few megabytes. */
const PAGES_PER_INSERT = 100;

/** Whether an earlier attempt has come as far as `saveText`. */
export const hasText = async (tx: Transaction, documentId: string): Promise<boolean> =>
  (await tx.$count(documentTexts, eq(documentTexts.documentId, documentId))) > 0;

/** Keeps a document's text, what is known from it and its chunks for this index generation, and forgets its pages; all or nothing. */
export async function saveText(
  tx: Transaction,
  { organizationId, documentId }: DocumentRef,
  { text, pageStarts, language, notices, noticesOmitted, recognized }: ParsedDocument,
  structure: TextStructure,
  generation: number,
): Promise<void> {
  // Another process that was taken for dead may have been quicker; then its text and chunks stay.
  if (!(await holdDocument(tx, documentId))) return;
  if (await hasText(tx, documentId)) return;
  const pages = pageStarts.length;
  const read = { language, pagesDone: pages, pagesTotal: pages, notices, noticesOmitted };
  if (!(await changeDocument(tx, documentId, ['processing'], read))) return;
  await tx.insert(documentTexts).values({ documentId, organizationId, content: text, pageStarts });
  for (let at = 0; at < recognized.length; at += PAGES_PER_INSERT) {
    const rows = recognized.slice(at, at + PAGES_PER_INSERT);
    await tx.insert(recognizedPages).values(rows.map((row) => ({ documentId, organizationId, ...row })));
  }
  await storeStructure(tx, { generation, organizationId, documentId }, text, structure);
  await forgetPages(tx, documentId);
}
