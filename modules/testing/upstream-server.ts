import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Readable, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { createBrotliCompress, createDeflate, createGzip, createZstdCompress } from 'node:zlib';

/**
 * One thing that happens to an answer. `cut` breaks the connection, `hang` sends no more; an answer without them ends in good order.
 * `times` repeats bytes as fast as the client reads them.
 */
export type UpstreamStep =
  | string
  | Buffer
  | { waitMs: number }
  | { bytes: string | Buffer; times: number }
  | 'cut'
  | 'hang';

/** What the server does with one request. */
export interface UpstreamReply {
  status?: number;
  headers?: Record<string, string>;
  /** Milliseconds until the status and the headers are sent. */
  headersAfterMs?: number;
  steps?: Iterable<UpstreamStep>;
  encoding?: 'gzip' | 'deflate' | 'br' | 'zstd';
  /** Each byte goes out by itself. */
  isBytewise?: boolean;
  /** Sent in place of an HTTP answer. */
  garbage?: string | Buffer;
}

export interface UpstreamVisit {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** `performance.now()` when the request was read. */
  at: number;
  /** The same when the client closed the connection before the answer was complete. */
  closedAt: number | undefined;
  /** Bytes of the answer that went out. */
  sent: number;
  /** Resolves once the answer is complete or the connection closed. */
  ended: Promise<void>;
}

export interface UpstreamServer {
  /** Such as `http://127.0.0.1:4000/v1`. */
  baseUrl: string;
  visits: UpstreamVisit[];
  /** Connections that are open. */
  connections(): Promise<number>;
  close(): Promise<void>;
}

export type UpstreamScript = readonly UpstreamReply[] | ((visit: UpstreamVisit) => UpstreamReply);

/** Events of a stream, each a JSON value or text. */
export const sse = (...events: readonly unknown[]): string =>
  events.map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`).join('');

/** An answer of events. */
export const eventStream = (...steps: UpstreamStep[]): UpstreamReply => ({
  headers: { 'content-type': 'text/event-stream' },
  steps,
});

/** An answer, or a refusal, of JSON. */
export const jsonReply = (body: unknown, status = 200, headers: Record<string, string> = {}): UpstreamReply => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  steps: [JSON.stringify(body)],
});

/** An upstream on a free port of the loopback interface that does what a script says: replies in turn, the last one for ever. */
export async function startUpstreamServer(script: UpstreamScript): Promise<UpstreamServer> {
  const visits: UpstreamVisit[] = [];
  const server = createServer(async (request, response) => {
    const index = visits.length;
    const ended = once(response, 'close').then(() => {});
    const visit: UpstreamVisit = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.alloc(0),
      at: 0,
      closedAt: undefined,
      sent: 0,
      ended,
    };
    visits.push(visit);
    response.on('close', () => {
      if (!response.writableFinished) visit.closedAt = performance.now();
    });
    visit.body = await buffer(request);
    visit.at = performance.now();
    const reply = typeof script === 'function' ? script(visit) : script[Math.min(index, script.length - 1)];
    // The client may leave at any time.
    await play(reply ?? {}, response, visit).catch(() => response.destroy());
  });
  server.on('clientError', (_, socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    visits,
    connections: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
      ),
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
}

async function play(reply: UpstreamReply, response: ServerResponse, visit: UpstreamVisit): Promise<void> {
  if (reply.headersAfterMs) await sleep(reply.headersAfterMs);
  if (reply.garbage !== undefined) {
    response.socket?.end(reply.garbage);
    return;
  }
  const headers = { ...reply.headers, ...(reply.encoding && { 'content-encoding': reply.encoding }) };
  response.socket?.setNoDelay(true);
  response.writeHead(reply.status ?? 200, headers);
  response.flushHeaders();
  const counted = new Writable({
    write(bytes: Buffer, _, done) {
      visit.sent += bytes.length;
      // What is written to a client that left is lost.
      if (response.destroyed) done();
      else response.write(bytes, () => done());
    },
  });
  const out = reply.encoding ? encode(reply.encoding, counted) : counted;
  const write = (bytes: Buffer) => new Promise<void>((resolve) => out.write(bytes, () => resolve()));
  for (const step of reply.steps ?? []) {
    if (response.destroyed) return;
    if (step === 'hang') return;
    if (step === 'cut') {
      // What was written goes out first.
      await sleep(20);
      response.destroy();
      return;
    }
    if (typeof step === 'object' && 'waitMs' in step) await sleep(step.waitMs);
    else if (typeof step === 'object' && 'bytes' in step)
      await repeat(Buffer.from(step.bytes), step.times, write, response);
    else if (reply.isBytewise) for (const byte of Buffer.from(step)) await write(Buffer.of(byte));
    else await write(Buffer.from(step));
  }
  if (out === counted) response.end();
  else {
    counted.once('finish', () => response.end());
    out.end();
  }
}

async function repeat(
  bytes: Buffer,
  times: number,
  write: (bytes: Buffer) => Promise<void>,
  response: ServerResponse,
): Promise<void> {
  const atOnce = Math.max(1, Math.min(times, Math.floor(65_536 / bytes.length)));
  const piece = Buffer.concat(Array.from({ length: atOnce }, () => bytes));
  for (let left = times; left > 0 && !response.destroyed; left -= atOnce) {
    await write(left >= atOnce ? piece : piece.subarray(0, left * bytes.length));
  }
}

/** A stream whose encoded bytes go to `target`, each write at once. */
function encode(encoding: NonNullable<UpstreamReply['encoding']>, target: Writable): Writable {
  const create = { gzip: createGzip, deflate: createDeflate, br: createBrotliCompress, zstd: createZstdCompress }[
    encoding
  ];
  const encoder = create();
  (encoder as Readable).pipe(target);
  const flushed = new Writable({
    write(bytes: Buffer, _, done) {
      encoder.write(bytes, () => encoder.flush(() => done()));
    },
    final(done) {
      encoder.end(done);
    },
  });
  return flushed;
}
