import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { createDatabase, type Transaction } from '../../db/client.ts';
import type { Verdict } from '../../platform/kernel/composition.ts';
import type { VectorStore } from './index/vectors/index.ts';

/** Documents that are indexed again, and passages of them that are looked for. */
const DOCUMENTS = 5;
const MOST_PASSAGES = 500;
const SAMPLES = 20;
const HITS = 10;
/** Texts that stand in a document more often are found in another place than their own. */
const LEAST_FOUND = 0.8;
const DIMENSIONS = 64;

/**
 * Whether a restored database has what its search index is built from: passages of each document that is ready. Some documents are indexed
 * again as the platform would, in a temporary folder, and passages of theirs looked for by their own words.
 * @param databaseUrl of a role that sees every organization
 */
export async function proveSearch(databaseUrl: string, openStore = openTemporaryStore): Promise<Verdict> {
  const database = createDatabase({ url: databaseUrl, connections: 1, applicationName: 'pandect drill' });
  try {
    const { empty, passages } = await database.transaction(async (tx) => ({
      empty: await countEmpty(tx),
      passages: await drawPassages(tx),
    }));
    if (empty > 0) return { state: 'fail', detail: `${empty} ready documents have no passages` };
    if (passages.length === 0) return { state: 'ok', detail: 'there is nothing to find yet' };
    const { sampled, found } = await lookFor(passages, openStore);
    if (sampled === 0) return { state: 'fail', detail: `none of ${passages.length} passages has a word` };
    const detail = `${found} of ${sampled} passages are found by their words`;
    return { state: found >= sampled * LEAST_FOUND ? 'ok' : 'fail', detail };
  } finally {
    await database.close();
  }
}

interface StoredPassage extends Record<string, unknown> {
  id: string;
  documentId: string;
  organizationId: string;
  description: string;
  headings: string[];
  content: string;
}

const countEmpty = async (tx: Transaction): Promise<number> => {
  const [row] = await tx.execute<{ empty: number }>(sql`
    select count(*)::int as empty from documents d
    where d.status = 'ready' and not exists (select 1 from chunks c where c.document_id = d.id)`);
  return row?.empty ?? 0;
};

/** All passages of some documents, of the newest index that each was cut for. */
const drawPassages = async (tx: Transaction): Promise<StoredPassage[]> => [
  ...(await tx.execute<StoredPassage>(sql`
    select c.id, c.document_id as "documentId", c.organization_id as "organizationId",
      coalesce(d.description, d.title) as description, c.heading_path as headings, c.content
    from (select * from documents where status = 'ready' order by random() limit ${DOCUMENTS}) d
    cross join lateral (
      select * from chunks where document_id = d.id
        and generation = (select max(generation) from chunks where document_id = d.id)
      order by ordinal limit ${MOST_PASSAGES}
    ) c`)),
];

interface TemporaryStore {
  store: Pick<VectorStore, 'upsert' | 'search' | 'close'>;
  remove(): Promise<void>;
}

async function openTemporaryStore(): Promise<TemporaryStore> {
  const { createSqliteVectorStore } = await import('./index/vectors/sqlite/sqlite-store.ts');
  const directory = await mkdtemp(join(tmpdir(), 'pandect-drill-index-'));
  const store = createSqliteVectorStore({ directory, dimensions: DIMENSIONS });
  return { store, remove: () => rm(directory, { recursive: true, force: true }) };
}

async function lookFor(
  passages: readonly StoredPassage[],
  openStore: () => Promise<TemporaryStore>,
): Promise<{ sampled: number; found: number }> {
  // Only a drill needs them.
  const { createLocalEmbedder } = await import('../models/providers/local/embedder.ts');
  const { stems } = await import('./text/index.ts');
  const embedder = createLocalEmbedder(DIMENSIONS);
  const embed = async (texts: string[]) => (await embedder.embed(texts, 'document')).vectors;
  const { store, remove } = await openStore();
  try {
    for (const [organizationId, own] of Map.groupBy(passages, (passage) => passage.organizationId)) {
      const vectors = await embed(own.map(({ content }) => content));
      const records = own.map(({ id, content: text, ...rest }, index) => ({
        ...{ ...rest, chunkId: id, text },
        vector: vectors[index] as Float32Array,
      }));
      await store.upsert(organizationId, records);
    }
    // Lines for signatures hold no word.
    const worded = passages.filter(({ content }) => stems(content).length > 0);
    const samples = worded.toSorted(() => Math.random() - 0.5).slice(0, SAMPLES);
    let found = 0;
    for (const { id, organizationId, documentId, content } of samples) {
      const [vector] = await embed([content]);
      const query = { text: content, vector: vector as Float32Array, limit: HITS, documentIds: [documentId] };
      const hits = await store.search(organizationId, query);
      if (hits.some(({ chunkId }) => chunkId === id)) found += 1;
    }
    return { sampled: samples.length, found };
  } finally {
    await store.close();
    await remove();
  }
}
