import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { axis, dimensions } from '../conformance.ts';
import type { VectorStore } from '../contract.ts';
import { createVectorStore } from '../index.ts';
import { documentSparse, querySparse } from '../sparse.ts';

interface Recorded {
  request: string;
  body: unknown;
  apiKey: string | undefined;
}
type Reply = { status?: number; result?: unknown; error?: string; silent?: boolean };

describe('the Qdrant store at the wire', () => {
  let http: Server;
  let url: string;
  let store: VectorStore;
  let recorded: Recorded[];
  /** Answers that differ from the usual ones, by request. */
  let replies: Record<string, Reply>;
  const organization = randomUUID();
  const collection = '/collections/pandect';
  const queries = `POST ${collection}/points/query/batch`;
  const tenant = { key: 'organization_id', match: { value: organization } };
  const done = { operation_id: 1, status: 'completed' };
  const usual: Record<string, Reply> = {
    [`GET ${collection}`]: { status: 404, error: "Not found: Collection `pandect` doesn't exist!" },
    [`GET ${collection}/exists`]: { result: { exists: true } },
    [`PUT ${collection}`]: { result: true },
    [`PUT ${collection}/index?wait=true`]: { result: done },
    [`PUT ${collection}/points?wait=true`]: { result: done },
    [`POST ${collection}/points/delete?wait=true`]: { result: done },
    [`POST ${collection}/points/count`]: { result: { count: 3 } },
    [queries]: { result: [] },
  };

  beforeEach(async () => {
    recorded = [];
    replies = {};
    http = createServer(async (incoming, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
      const text = Buffer.concat(chunks).toString();
      const request = `${incoming.method} ${incoming.url}`;
      const apiKey = incoming.headers['api-key'] as string | undefined;
      recorded.push({ request, body: text === '' ? undefined : JSON.parse(text), apiKey });
      const reply = replies[request] ?? usual[request] ?? { status: 405, error: `unexpected ${request}` };
      if (reply.silent) return;
      response.writeHead(reply.status ?? 200, { 'content-type': 'application/json' });
      const status = reply.error === undefined ? 'ok' : { error: reply.error };
      response.end(JSON.stringify({ result: reply.result ?? null, status, time: 0.001 }));
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    store = await open();
  });
  afterEach(async () => {
    await store.close();
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  });

  const open = (options: { qdrantApiKey?: string; qdrantTimeoutMs?: number; qdrantUrl?: string } = {}) =>
    createVectorStore({ qdrantUrl: url, directory: '/nowhere', dimensions, ...options });
  const record = (chunkId: string, text = 'Срок оплаты, срок', documentId = 'd') => ({
    chunkId,
    documentId,
    text,
    vector: axis(0),
  });
  /** What was sent about records, without the preparation of the collection. */
  const sent = () => recorded.filter(({ request }) => request.includes('/points'));
  const requests = () => recorded.map(({ request }) => request);

  it('calls no server before the first use', () => {
    expect(store.name).toBe('qdrant');
    expect(recorded).toEqual([]);
  });

  it('makes the collection with a tenant index once, at the first use', async () => {
    await Promise.all([store.count(organization), store.count(organization)]);
    await store.count(organization);
    expect(recorded.slice(0, 4)).toEqual([
      { request: `GET ${collection}`, body: undefined, apiKey: undefined },
      {
        request: `PUT ${collection}`,
        body: {
          vectors: { dense: { size: dimensions, distance: 'Cosine' } },
          sparse_vectors: { bm25: { modifier: 'idf' } },
          hnsw_config: { m: 0, payload_m: 16 },
        },
        apiKey: undefined,
      },
      {
        request: `PUT ${collection}/index?wait=true`,
        body: { field_name: 'organization_id', field_schema: { type: 'keyword', is_tenant: true } },
        apiKey: undefined,
      },
      {
        request: `PUT ${collection}/index?wait=true`,
        body: { field_name: 'document_id', field_schema: { type: 'keyword' } },
        apiKey: undefined,
      },
    ]);
    expect(requests().slice(4)).toEqual(Array(3).fill(`POST ${collection}/points/count`));
  });

  it('continues when another process made the collection in the same moment', async () => {
    replies[`PUT ${collection}`] = { status: 409, error: 'Collection `pandect` already exists!' };
    expect(await store.count(organization)).toBe(3);
  });

  it('makes no collection that is there, and refuses one of another length', async () => {
    const holding = (size: number) => ({
      result: { status: 'green', config: { params: { vectors: { dense: { size, distance: 'Cosine' } } } } },
    });
    replies[`GET ${collection}`] = holding(dimensions);
    await store.count(organization);
    expect(requests()).not.toContain(`PUT ${collection}`);
    replies[`GET ${collection}`] = holding(768);
    await expect((await open()).count(organization)).rejects.toThrow(
      `Prepare collection "pandect" at Qdrant "${url}": it holds vectors of 768 dimensions, not 8; build it again`,
    );
  });

  it('makes the collection again when it has vanished, and retries a preparation that failed', async () => {
    replies[`PUT ${collection}`] = { status: 500, error: 'disk full' };
    await expect(store.count(organization)).rejects.toThrow('status 500 disk full');
    replies = { [`POST ${collection}/points/count`]: { status: 404, error: 'gone' } };
    await expect(store.count(organization)).rejects.toThrow('status 404 gone');
    replies = {};
    expect(await store.count(organization)).toBe(3);
    expect(requests().filter((request) => request === `PUT ${collection}`)).toHaveLength(3);
  });

  it('writes each record as a point of its organization, in batches, and waits', async () => {
    await store.upsert(organization, [record('a')]);
    const point = {
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/),
      vector: {
        dense: [1, 0, 0, 0, 0, 0, 0, 0],
        bm25: documentSparse({ text: ['срок', 'оплат', 'срок'], headings: [], description: [] }),
      },
      payload: {
        organization_id: organization,
        document_id: 'd',
        chunk_id: 'a',
        words: { text: 'срок оплат срок', headings: '', description: '' },
      },
    };
    expect(sent()).toEqual([
      { request: `PUT ${collection}/points?wait=true`, body: { points: [point] }, apiKey: undefined },
    ]);
    recorded = [];
    await store.upsert(
      organization,
      Array.from({ length: 300 }, (_, index) => record(`chunk ${index}`)),
    );
    const bodies = sent().map(({ body }) => body as { points: { payload: { organization_id: string } }[] });
    expect(bodies.map(({ points }) => points.length)).toEqual([128, 128, 44]);
    for (const { points } of bodies)
      for (const { payload } of points) expect(payload.organization_id).toBe(organization);
  });

  it('gives the same chunk one point, and another organization another', async () => {
    const ids: unknown[] = [];
    for (const each of [organization, organization, randomUUID()]) {
      recorded = [];
      await store.upsert(each, [record('a')]);
      const body = sent()[0]?.body as { points: { id: string }[] };
      ids.push(body.points[0]?.id);
    }
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).not.toBe(ids[0]);
  });

  it('searches both vectors within the organization in one request, and fuses them by reciprocal rank', async () => {
    const point = (chunk_id: string, score: number) => ({
      ...{ id: chunk_id, version: 1, score },
      payload: { chunk_id, document_id: 'd', words: { text: 'срок оплат', headings: 'unit/5', description: '' } },
    });
    replies[queries] = {
      result: [{ points: [point('c', 0.9), point('a', 0.5), point('b', 0.5)] }, { points: [point('b', 12.5)] }],
    };
    const text = 'сроки оплаты сроков';
    const hits = await store.search(organization, { text, expansions: ['плат', 'срок'], vector: axis(1), limit: 5 });
    const side = { filter: { must: [tenant] }, limit: 100, with_payload: ['chunk_id', 'document_id', 'words'] };
    expect(sent()).toEqual([
      {
        request: queries,
        body: {
          searches: [
            { ...side, query: [0, 1, 0, 0, 0, 0, 0, 0], using: 'dense' },
            { ...side, query: querySparse(['срок', 'оплат'], ['плат']), using: 'bm25' },
          ],
        },
        apiKey: undefined,
      },
    ]);
    const words = { text: ['срок', 'оплат'], headings: ['unit/5'], description: [] };
    expect(hits).toEqual([
      { chunkId: 'b', documentId: 'd', score: 1 / 63 + 1 / 61, similarity: 0.5, words },
      { chunkId: 'c', documentId: 'd', score: 1 / 61, similarity: 0.9, words },
      { chunkId: 'a', documentId: 'd', score: 1 / 62, similarity: 0.5, words },
    ]);
  });

  it('narrows a search to documents without leaving the organization', async () => {
    replies[queries] = { result: [{ points: [] }, { points: [] }] };
    await store.search(organization, { text: 'срок', vector: axis(1), limit: 5, documentIds: ['d', 'e'] });
    const filter = { must: [tenant, { key: 'document_id', match: { any: ['d', 'e'] } }] };
    expect(sent()[0]?.body).toMatchObject({ searches: [{ filter }, { filter }] });
  });

  it('leaves out the side that a question does not have, and asks nothing when there is none', async () => {
    replies[queries] = { result: [{ points: [] }] };
    await store.search(organization, { text: '" AND *', vector: axis(1), limit: 5 });
    await store.search(organization, { text: 'срок', vector: new Float32Array(dimensions), limit: 5 });
    expect(
      sent().map(({ body }) => (body as { searches: { using: string }[] }).searches.map(({ using }) => using)),
    ).toEqual([['dense'], ['bm25']]);
    recorded = [];
    expect(await store.search(organization, { text: '', vector: new Float32Array(dimensions), limit: 5 })).toEqual([]);
    expect(await store.search(organization, { text: 'срок', vector: axis(0), limit: 5, documentIds: [] })).toEqual([]);
    expect(await store.frequencies(organization, ['срок'])).toBeUndefined();
    expect(recorded).toEqual([]);
  });

  it('deletes and counts within the organization only', async () => {
    await store.removeDocument(organization, 'd');
    await store.removeOrganization(organization);
    expect(await store.count(organization)).toBe(3);
    const document = { key: 'document_id', match: { any: ['d'] } };
    expect(sent().map(({ request, body }) => [request, body])).toEqual([
      [`POST ${collection}/points/delete?wait=true`, { filter: { must: [tenant, document] } }],
      [`POST ${collection}/points/delete?wait=true`, { filter: { must: [tenant] } }],
      [`POST ${collection}/points/count`, { filter: { must: [tenant] }, exact: true }],
    ]);
  });

  it('sends nothing for an organization id that is not a UUID', async () => {
    await expect(store.count('*')).rejects.toThrow('not a UUID');
    await expect(store.removeOrganization('')).rejects.toThrow('not a UUID');
    expect(recorded).toEqual([]);
  });

  it('sends the key with every request', async () => {
    store = await open({ qdrantApiKey: 'key of the test' });
    await store.check();
    await store.count(organization);
    expect(new Set(recorded.map(({ apiKey }) => apiKey))).toEqual(new Set(['key of the test']));
  });

  it('takes a server behind a path', async () => {
    store = await open({ qdrantUrl: `${url}/vectors/` });
    await expect(store.check()).rejects.toThrow('status 405');
    expect(requests()).toEqual([`GET /vectors${collection}/exists`]);
  });

  it('names action, server and reason when the server fails', async () => {
    replies[queries] = { status: 500, error: 'Service internal error' };
    await expect(store.search(organization, { text: 'срок', vector: axis(0), limit: 5 })).rejects.toThrow(
      `Search vectors at Qdrant "${url}": status 500 Service internal error`,
    );
    replies[`PUT ${collection}/points?wait=true`] = { status: 503 };
    await expect(store.upsert(organization, [record('a')])).rejects.toThrow(
      `Write vectors at Qdrant "${url}": status 503`,
    );
  });

  it('gives up on a server that does not answer', async () => {
    store = await open({ qdrantTimeoutMs: 50 });
    replies[`GET ${collection}/exists`] = { silent: true };
    await expect(store.check()).rejects.toThrow(`Check vector store at Qdrant "${url}": no answer within 50 ms`);
  });

  it('says so when nothing listens', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    store = await open({ qdrantUrl: `http://127.0.0.1:${port}` });
    await expect(store.check()).rejects.toThrow('ECONNREFUSED');
  });
});
