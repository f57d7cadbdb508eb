import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

interface Sparse {
  indices: number[];
  values: number[];
}

interface Point {
  id: string;
  vector: { dense: number[]; bm25: Sparse };
  payload: Record<string, unknown>;
}

interface Filter {
  must: { key: string; match: { value?: unknown; any?: unknown[] } }[];
}

interface Query {
  filter?: Filter;
  limit: number;
  query: number[] | Sparse;
  using: 'dense' | 'bm25';
}

interface Collection {
  size: number;
  points: Map<string, Point>;
}

export interface QdrantServer {
  url: string;
  /** Ids of the chunks of an organization, in order. */
  chunksOf(organizationId: string): string[];
  close(): Promise<void>;
}

/** The part of Qdrant's REST interface that the store makes use of, in memory. @param host address that it listens at */
export async function startQdrantServer(host = '127.0.0.1'): Promise<QdrantServer> {
  const collections = new Map<string, Collection>();
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const answer = answerTo(collections, `${request.method} ${request.url}`, body === '' ? {} : JSON.parse(body));
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' });
    const status = answer.error === undefined ? 'ok' : { error: answer.error };
    response.end(JSON.stringify({ result: answer.result ?? null, status, time: 0 }));
  }).listen(0, host);
  await once(server, 'listening');
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    chunksOf: (organizationId) =>
      [...collections.values()]
        .flatMap(({ points }) => [...points.values()])
        .filter(({ payload }) => payload.organization_id === organizationId)
        .map(({ payload }) => String(payload.chunk_id))
        .toSorted(),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Answer {
  status?: number;
  result?: unknown;
  error?: string;
}

// biome-ignore lint/suspicious/noExplicitAny: bodies are those of our own client
function answerTo(collections: Map<string, Collection>, request: string, body: any): Answer {
  const [, method, name = '', rest = ''] = /^(\w+) \/collections\/([^/?]+)([^?]*)/.exec(request) ?? [];
  const collection = collections.get(name);
  const call = `${method} ${rest}`;
  if (call === 'GET /exists') return { result: { exists: collection !== undefined } };
  if (call === 'PUT ' && collection)
    return { status: 409, error: `Wrong input: Collection \`${name}\` already exists!` };
  if (call === 'PUT ') {
    collections.set(name, { size: body.vectors.dense.size, points: new Map() });
    return { result: true };
  }
  if (!collection) return { status: 404, error: `Not found: Collection \`${name}\` doesn't exist!` };
  const done = { operation_id: 1, status: 'completed' };
  const { points, size } = collection;
  switch (call) {
    case 'GET ':
      return { result: { config: { params: { vectors: { dense: { size, distance: 'Cosine' } } } } } };
    case 'DELETE ':
      return { result: collections.delete(name) };
    case 'PUT /index':
      return { result: done };
    case 'PUT /points':
      for (const point of body.points as Point[]) points.set(point.id, point);
      return { result: done };
    case 'POST /points/delete':
      for (const { id } of matching(points, body.filter)) points.delete(id);
      return { result: done };
    case 'POST /points/count':
      return { result: { count: matching(points, body.filter).length } };
    case 'POST /points/query/batch':
      return { result: (body.searches as Query[]).map((query) => ({ points: search(points, query) })) };
    default:
      return { status: 405, error: `unexpected ${request}` };
  }
}

const matching = (points: Map<string, Point>, filter?: Filter): Point[] =>
  [...points.values()].filter(({ payload }) =>
    (filter?.must ?? []).every(({ key, match }) =>
      match.any ? match.any.includes(payload[key]) : payload[key] === match.value,
    ),
  );

function search(points: Map<string, Point>, { filter, limit, query, using }: Query) {
  const found = matching(points, filter);
  const score = using === 'dense' ? cosineTo(query as number[]) : bm25To(query as Sparse, [...points.values()]);
  return found
    .map(({ id, payload, vector }) => ({ id, version: 0, payload, score: score(vector) }))
    .filter((each) => using === 'dense' || each.score > 0)
    .toSorted((a, b) => b.score - a.score)
    .slice(0, limit);
}

const length = (vector: readonly number[]) => Math.hypot(...vector) || 1;
const cosineTo =
  (query: number[]) =>
  ({ dense }: Point['vector']) =>
    dense.reduce((sum, value, index) => sum + value * (query[index] ?? 0), 0) / (length(dense) * length(query));

/** With the modifier `idf`: over all points of the collection, as the server counts them. */
function bm25To({ indices, values }: Sparse, all: readonly Point[]) {
  const idf = indices.map((index) => {
    const known = all.filter(({ vector }) => vector.bm25.indices.includes(index)).length;
    return Math.log((all.length - known + 0.5) / (known + 0.5) + 1);
  });
  return ({ bm25 }: Point['vector']) =>
    indices.reduce((sum, index, at) => {
      const found = bm25.indices.indexOf(index);
      return found === -1 ? sum : sum + (values[at] ?? 0) * (bm25.values[found] ?? 0) * (idf[at] ?? 0);
    }, 0);
}
