import { createHash } from 'node:crypto';
import { QdrantClient, type Schemas } from '@qdrant/js-client-rest';
import { stems } from '../../../text/index.ts';
import { batches } from '../batches.ts';
import { chunkWords } from '../chunk-words.ts';
import type { ChunkWords, VectorHit, VectorRecord, VectorStore } from '../contract.ts';
import { fuse } from '../fuse.ts';
import { candidatesFor, distinctStems, expansionStems, isVoid } from '../query-bounds.ts';
import { documentSparse, querySparse } from '../sparse.ts';
import { tenantId } from '../tenant-id.ts';
import { hasDirection, unitVector } from '../unit-vector.ts';
import { qdrantFailure, statusOf } from './qdrant-failure.ts';

export interface QdrantVectorStoreOptions {
  /** Server, read literally: without a port it is 80 or 443. */
  url: string;
  apiKey?: string | undefined;
  /** Length of the vectors. */
  dimensions: number;
  /** Collection that holds all organizations; made at first use. */
  collection: string;
  /** Longest wait for one answer. */
  timeoutMs: number;
}

/** Points sent in one request: about 1 MB at 384 dimensions. */
const batchSize = 128;

/**
 * The store for several hosts: one Qdrant collection, where each organization is a tenant. Every request that touches
 * records names the organization: as a filter where it reads or deletes, in each point where it writes; and a
 * point's id is derived from the organization, so that no write can replace another's record.
 */
export function createQdrantVectorStore(options: QdrantVectorStoreOptions): VectorStore {
  const { url, dimensions, collection, timeoutMs } = options;
  const client = connect(options);
  let collectionReady: Promise<void> | undefined;
  let closed = false;

  /** Runs a request and words its failure; a collection that has vanished is made again at the next call. */
  async function call<T>(action: string, request: () => Promise<T>): Promise<T> {
    if (closed) throw new Error('Use vector store: it is closed');
    try {
      return await request();
    } catch (cause) {
      if (statusOf(cause) === 404) collectionReady = undefined;
      throw qdrantFailure(action, url, timeoutMs, cause);
    }
  }

  /** Makes the collection once; a failure is not remembered. */
  async function onCollection<T>(action: string, request: () => Promise<T>): Promise<T> {
    collectionReady ??= call(`Prepare collection "${collection}"`, () => prepare(client, collection, dimensions));
    try {
      await collectionReady;
    } catch (error) {
      collectionReady = undefined;
      throw error;
    }
    return call(action, request);
  }

  return {
    name: 'qdrant',
    async upsert(organizationId, records) {
      const tenant = tenantId(organizationId);
      for (const { chunkId, vector } of records) unitVector(vector, dimensions, `chunk "${chunkId}"`);
      for (const batch of batches(records, batchSize)) {
        const points = batch.map((record) => toPoint(tenant, record));
        await onCollection('Write vectors', () => client.upsert(collection, { wait: true, points }));
      }
    },
    async removeDocument(organizationId, documentId) {
      const filter = only(tenantId(organizationId), [documentId]);
      await onCollection('Remove vectors', () => client.delete(collection, { wait: true, filter }));
    },
    async removeOrganization(organizationId) {
      const filter = only(tenantId(organizationId));
      await onCollection('Remove vectors', () => client.delete(collection, { wait: true, filter }));
    },
    async search(organizationId, query) {
      const filter = only(tenantId(organizationId), query.documentIds);
      const vector = unitVector(query.vector, dimensions, 'the query');
      const own = distinctStems(stems(query.text));
      const words = querySparse(own, expansionStems(query, own));
      const side = { filter, limit: candidatesFor(query), with_payload: ['chunk_id', 'document_id', 'words'] };
      const searches: Schemas['QueryRequest'][] = [];
      if (hasDirection(vector)) searches.push({ ...side, query: [...vector], using: 'dense' });
      if (words.indices.length > 0) searches.push({ ...side, query: words, using: 'bm25' });
      if (isVoid(query) || searches.length === 0) return [];
      const answers = await onCollection('Search vectors', () => client.queryBatch(collection, { searches }));
      return fuseAnswers(answers, searches, query.limit);
    },
    async frequencies() {
      // The server knows them, and applies them, but tells no one.
      return undefined;
    },
    async count(organizationId) {
      const filter = only(tenantId(organizationId));
      return (await onCollection('Count vectors', () => client.count(collection, { filter, exact: true }))).count;
    },
    // The server looks after its own files.
    damaged: async () => [],
    forgetDamaged: async () => {},
    async check() {
      await call('Check vector store', () => client.collectionExists(collection));
    },
    async close() {
      closed = true;
    },
  };
}

function connect({ url, apiKey, timeoutMs }: QdrantVectorStoreOptions): QdrantClient {
  const { protocol, origin, pathname, port } = new URL(url);
  return new QdrantClient({
    url: origin,
    port: Number(port) || (protocol === 'https:' ? 443 : 80), // the client's own default is 6333
    prefix: pathname.replace(/\/+$/, ''),
    timeout: timeoutMs,
    checkCompatibility: false, // calls out on construction
    ...(apiKey && { headers: { 'api-key': apiKey } }), // as `apiKey` the client writes a warning to the console
  });
}

/** Makes the collection and its indexes; safe when several processes do it at once. */
async function prepare(client: QdrantClient, collection: string, dimensions: number): Promise<void> {
  const held = await client.getCollection(collection).catch(unless(404));
  const vectors = held?.config.params.vectors as Record<string, { size: number } | undefined> | undefined;
  if (held && vectors?.dense?.size !== dimensions)
    throw new Error(`it holds vectors of ${vectors?.dense?.size} dimensions, not ${dimensions}; build it again`);
  if (!held) {
    await client
      .createCollection(collection, {
        vectors: { dense: { size: dimensions, distance: 'Cosine' } },
        sparse_vectors: { bm25: { modifier: 'idf' } },
        // One graph a tenant in place of one over all: every search is within a tenant.
        hnsw_config: { m: 0, payload_m: 16 },
      })
      .catch(unless(409));
  }
  const index = (field_name: string, field_schema: Schemas['PayloadFieldSchema']) =>
    client.createPayloadIndex(collection, { wait: true, field_name, field_schema });
  await index('organization_id', { type: 'keyword', is_tenant: true });
  await index('document_id', { type: 'keyword' });
}

const unless =
  (status: number) =>
  (error: unknown): undefined => {
    if (statusOf(error) !== status) throw error;
  };

function only(tenant: string, documentIds?: readonly string[]): Schemas['Filter'] {
  const must: Schemas['FieldCondition'][] = [{ key: 'organization_id', match: { value: tenant } }];
  if (documentIds) must.push({ key: 'document_id', match: { any: [...documentIds] } });
  return { must };
}

function toPoint(tenant: string, record: VectorRecord): Schemas['PointStruct'] {
  const { chunkId, documentId } = record;
  const words = chunkWords(record);
  return {
    id: pointId(tenant, chunkId),
    vector: { dense: [...record.vector], bm25: documentSparse(words) },
    payload: { organization_id: tenant, document_id: documentId, chunk_id: chunkId, words: joinWords(words) },
  };
}

/** A UUID (version 8) made of the organization and the chunk. */
function pointId(tenant: string, chunkId: string): string {
  const hex = createHash('sha256').update(`${tenant}/${chunkId}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}

type Joined = Record<keyof ChunkWords, string>;

const joinWords = ({ text, headings, description }: ChunkWords): Joined => ({
  text: text.join(' '),
  headings: headings.join(' '),
  description: description.join(' '),
});

function splitWords(joined: Partial<Joined> | null | undefined): ChunkWords {
  const split = (stems: string | undefined) => (stems ? stems.split(' ') : []);
  return { text: split(joined?.text), headings: split(joined?.headings), description: split(joined?.description) };
}

/** Fuses the lists that the server gave, in the order of the searches; equal scores by chunk, so that the order stays. */
function fuseAnswers(
  answers: readonly { points: Schemas['ScoredPoint'][] }[],
  searches: readonly Schemas['QueryRequest'][],
  limit: number,
): VectorHit[] {
  const points = new Map<string, Omit<VectorHit, 'score'>>();
  const lists = answers.map((answer, index) => {
    const isDense = searches[index]?.using === 'dense';
    const list = answer.points.map(({ payload, score }) => {
      const chunkId = String(payload?.chunk_id);
      const documentId = String(payload?.document_id);
      const known = points.get(chunkId) ?? { chunkId, documentId, words: splitWords(payload?.words as Joined) };
      points.set(chunkId, isDense ? { ...known, similarity: score } : known);
      return { chunkId, score };
    });
    return list.sort((a, b) => b.score - a.score || (a.chunkId < b.chunkId ? -1 : 1)).map(({ chunkId }) => chunkId);
  });
  return fuse(lists, limit).map(({ item, score }) => ({ ...(points.get(item) as Omit<VectorHit, 'score'>), score }));
}
