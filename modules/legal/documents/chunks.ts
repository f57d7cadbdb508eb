import { and, eq } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { chunks } from '../../../db/schema/legal/chunks.ts';
import { documents } from '../../../db/schema/legal/documents.ts';
import type { TextStructure } from '../reading/index.ts';

/** Stays below the 65,535 parameters of one statement. */
const ROWS_PER_INSERT = 1000;

/** Stores the chunks of a document for an index generation, in place of those it had, and what its text says of it. */
export async function storeChunks(
  tx: Transaction,
  place: { generation: number; organizationId: string; documentId: string },
  text: string,
  { chunks: pieces, facts }: TextStructure,
): Promise<void> {
  const { generation, documentId } = place;
  if (facts) await tx.update(documents).set(facts).where(eq(documents.id, documentId));
  // Of a time before generations were counted.
  await tx.delete(chunks).where(and(eq(chunks.documentId, documentId), eq(chunks.generation, generation)));
  for (let at = 0; at < pieces.length; at += ROWS_PER_INSERT) {
    const rows = pieces.slice(at, at + ROWS_PER_INSERT);
    await tx
      .insert(chunks)
      .values(rows.map((piece) => ({ ...piece, ...place, content: text.slice(piece.start, piece.end) })));
  }
}

/** Deletes the chunks that an organization has in an index generation. */
export const deleteGeneration = (tx: Transaction, organizationId: string, generation: number) =>
  tx.delete(chunks).where(and(eq(chunks.organizationId, organizationId), eq(chunks.generation, generation)));
