import { and, eq, inArray } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { chunks } from '../../../db/schema/legal/chunks.ts';
import { documents } from '../../../db/schema/legal/documents.ts';
import type { Embedder } from '../../models/index.ts';
import type { VectorStore } from '../index/vectors/index.ts';
import { type AskedParty, isSameParty, partiesNamedIn } from '../text/index.ts';

/** Chunks that are looked through for a party. */
const mostChunks = 40;

/** Ids of the documents that name all of these parties somewhere behind their first lines, such as among the signatures. */
export async function documentsThatName(
  { database, vectors, embedder }: { database: Database; vectors: VectorStore; embedder: Embedder },
  organizationId: string,
  parties: readonly AskedParty[],
  documentIds: readonly string[] | undefined,
): Promise<string[]> {
  let found: Set<string> | undefined;
  for (const party of parties) {
    const hits = await vectors.search(organizationId, {
      text: party.written,
      vector: new Float32Array(embedder.dimensions),
      limit: mostChunks,
      ...(documentIds && { documentIds }),
    });
    const ids = hits.map(({ chunkId }) => chunkId);
    const rows =
      ids.length === 0
        ? []
        : await database.tenant(organizationId, (tx) =>
            tx
              .select({ documentId: chunks.documentId, content: chunks.content })
              .from(chunks)
              .innerJoin(documents, and(eq(documents.id, chunks.documentId), eq(documents.status, 'ready')))
              .where(inArray(chunks.id, ids)),
          );
    const naming = rows.filter(({ content }) => partiesNamedIn(content).some((one) => isSameParty(party, one)));
    const before: Set<string> | undefined = found;
    found = new Set(
      naming.flatMap(({ documentId }) => (before === undefined || before.has(documentId) ? [documentId] : [])),
    );
    if (found.size === 0) return [];
  }
  return [...(found ?? [])];
}
