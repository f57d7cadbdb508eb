import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

const KEY = 'b7f0a11c2d3e4f5a6b7c8d9e0f1a2b3c';
const PROJECT = 42;
const MOST_EVENT_BYTES = 1_000_000;

interface Item {
  type: string;
  // biome-ignore lint/suspicious/noExplicitAny: what a test looks at
  payload: any;
}

/**
 * A server that takes envelopes as Sentry's does: for its project and key alone, in their framing, up to their size, each event
 * once.
 */
export async function sentryServer() {
  const items: Item[] = [];
  const refusals: string[] = [];
  const ids = new Set<string>();
  let answers: ((response: ServerResponse) => void)[] = [];

  const check = async (request: IncomingMessage): Promise<[status: number, reason: string] | Item[]> => {
    if (request.method !== 'POST' || request.url !== `/sub/api/${PROJECT}/envelope/`) return [404, 'no such endpoint'];
    const auth = /^Sentry (.+)$/.exec(request.headers['x-sentry-auth']?.toString() ?? '')?.[1] ?? '';
    const fields = new Map(auth.split(', ').map((field) => field.split('=') as [string, string]));
    if (fields.get('sentry_version') !== '7' || !fields.get('sentry_client')) return [401, 'no version or client'];
    if (fields.get('sentry_key') !== KEY) return [403, 'unknown key'];
    if (request.headers['content-type'] !== 'application/x-sentry-envelope') return [415, 'not an envelope'];
    const read = readItems(await buffer(request));
    const events = read.filter(({ type }) => type === 'event');
    for (const { payload } of events) {
      if (JSON.stringify(payload).length > MOST_EVENT_BYTES) return [413, 'event too large'];
      if (!/^[0-9a-f]{32}$/.test(payload.event_id) || ids.has(payload.event_id)) return [400, 'id missing or used'];
      if (typeof payload.timestamp !== 'number' || payload.platform !== 'node') return [400, 'required attributes'];
      if (/[\n\r/\\]/.test(payload.release)) return [400, 'release'];
      ids.add(payload.event_id);
    }
    return read;
  };

  const server = createServer(async (request, response) => {
    const answer = answers.shift();
    if (answer) return answer(response);
    const found = await check(request).catch((error: Error): [number, string] => [400, error.message]);
    if (typeof found[0] === 'number') {
      refusals.push(found.join(' '));
      return response.writeHead(found[0]).end();
    }
    items.push(...(found as Item[]));
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    dsn: `http://${KEY}@127.0.0.1:${port}/sub/${PROJECT}`,
    items,
    refusals,
    /** How the next requests are answered, before anything is checked. */
    answerNext(...next: typeof answers) {
      answers = next;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** @throws when an item is not as long as its header says, or something else stands between items */
function readItems(envelope: Buffer): Item[] {
  const lineEnd = (from: number) => {
    const end = envelope.indexOf(0x0a, from);
    return end === -1 ? envelope.length : end;
  };
  const header = JSON.parse(envelope.toString('utf8', 0, lineEnd(0)));
  if (Number.isNaN(Date.parse(header.sent_at))) throw new Error('no sent_at');
  const found: Item[] = [];
  for (let at = lineEnd(0) + 1; at < envelope.length; ) {
    const { type, length } = JSON.parse(envelope.toString('utf8', at, lineEnd(at)));
    const start = lineEnd(at) + 1;
    if (start + length > envelope.length || envelope[start + length] !== 0x0a) throw new Error(`length of ${type}`);
    found.push({ type, payload: JSON.parse(envelope.toString('utf8', start, start + length)) });
    at = start + length + 1;
  }
  return found;
}
