import { and, eq, exists } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { chunks } from '../../../db/schema/legal/chunks.ts';
import { documents } from '../../../db/schema/legal/documents.ts';
import { indexedDocuments } from '../../../db/schema/legal/indexed-documents.ts';
import { parsedPages } from '../../../db/schema/legal/parsed-pages.ts';
import type { VectorStore } from '../index/vectors/index.ts';

const BATCH = 50;

/**
 * Takes the vectors and passages of replaced documents away, which no search looks at any more; file and text stay, for
 * earlier answers quote them. Its passages go last: while they are there, it is still to do.
 * @returns how many documents
 */
export async function eraseReplaced({
  database,
  vectors,
}: {
  database: Database;
  vectors: VectorStore;
}): Promise<number> {
  const rows = await database.transaction((tx) =>
    tx
      .select({ id: documents.id, organizationId: documents.organizationId })
      .from(documents)
      .where(
        and(
          eq(documents.status, 'replaced'),
          exists(tx.select({ id: chunks.id }).from(chunks).where(eq(chunks.documentId, documents.id))),
        ),
      )
      .limit(BATCH),
  );
  for (const { id, organizationId } of rows) {
    await vectors.removeDocument(organizationId, id);
    await database.transaction(async (tx) => {
      await tx.delete(indexedDocuments).where(eq(indexedDocuments.documentId, id));
      await tx.delete(parsedPages).where(eq(parsedPages.documentId, id));
      await tx.delete(chunks).where(eq(chunks.documentId, id));
    });
  }
  return rows.length;
}
