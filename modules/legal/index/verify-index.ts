import { and, eq, sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { chunks } from '../../../db/schema/legal/chunks.ts';
import { documents } from '../../../db/schema/legal/documents.ts';
import type { Index } from './indexes.ts';
import { writtenChunks } from './missing-documents.ts';

export interface Verification {
  /** Organizations whose store holds fewer records than were written to it. */
  short: string[];
  /** Chunks that were looked for by their own words, and those of them that were found. */
  sampled: number;
  found: number;
}

const SAMPLES = 20;
const HITS = 10;
/** Texts that stand in a document more than ten times over are found in another place than their own. */
const LEAST_FOUND = 0.8;

/** Whether a generation can go live. */
export const holds = ({ short, sampled, found }: Verification): boolean =>
  short.length === 0 && found >= sampled * LEAST_FOUND;

/** Compares what a generation's store holds with what was written down, and looks for chunks drawn at random. */
export async function verifyIndex(database: Database, index: Index, signal: AbortSignal): Promise<Verification> {
  const written = await database.transaction((tx) => writtenChunks(tx, index.generation.generation));
  const short: string[] = [];
  for (const organizationId of written.keys()) {
    signal.throwIfAborted();
    if (await isShort(database, index, organizationId)) short.push(organizationId);
  }
  const samples = await database.transaction((tx) =>
    tx
      .select({
        id: chunks.id,
        documentId: chunks.documentId,
        organizationId: chunks.organizationId,
        content: chunks.content,
      })
      .from(chunks)
      .innerJoin(documents, and(eq(documents.id, chunks.documentId), eq(documents.status, 'ready')))
      .where(eq(chunks.generation, index.generation.generation))
      .orderBy(sql`random()`)
      .limit(SAMPLES),
  );
  const texts = samples.map(({ content }) => content);
  const { vectors } = samples.length > 0 ? await index.embedder.embed(texts, 'document', signal) : { vectors: [] };
  let found = 0;
  for (const [at, { id, documentId, organizationId, content }] of samples.entries()) {
    signal.throwIfAborted();
    const hits = await index.store.search(organizationId, {
      text: content,
      vector: vectors[at] as Float32Array,
      limit: HITS,
      documentIds: [documentId],
    });
    if (hits.some(({ chunkId }) => chunkId === id)) found += 1;
  }
  return { short, sampled: samples.length, found };
}

/**
 * Whether a store has lost records of an organization. What is written down is read twice, so that documents which are
 * deleted in the meantime are not taken for lost ones.
 */
export async function isShort(
  database: Database,
  { generation, store }: Index,
  organizationId: string,
): Promise<boolean> {
  const read = async () =>
    (await database.transaction((tx) => writtenChunks(tx, generation.generation, { organizationId }))).get(
      organizationId,
    ) ?? 0;
  const before = await read();
  const held = await store.count(organizationId);
  return held < before && held < (await read());
}
