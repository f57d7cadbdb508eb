import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { createHolds, type Holds } from '../../../platform/testing/hold-requests.ts';

export interface ImageRequest {
  method: string;
  /** Without the query. */
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** Undefined for a body that is no JSON object. */
  body: Record<string, unknown> | undefined;
}

/** JSON, or bytes as they are. */
export interface ImageReply {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

/**
 * What happens to a request in place of an ordinary answer: another answer; `cut` breaks the connection before anything is done,
 * `lost` after it was done; `hang` does it and never answers; `half` does it and breaks in the middle of the answer; `late` does it
 * and answers after `waitMs`.
 */
export type Disturbance = ImageReply | 'cut' | 'lost' | 'hang' | 'half' | { waitMs: number };

export interface ImageServer {
  /** `http://127.0.0.1:<port>` */
  origin: string;
  /** `127.0.0.1:<port>` */
  host: string;
  requests: ImageRequest[];
  /** The next submits meet these, one after the other. */
  disturbSubmits(...next: Disturbance[]): void;
  /** The next other requests do. */
  disturb(...next: Disturbance[]): void;
  /** Such requests are carried out, and answered once they are released. */
  hold: Holds<ImageRequest>['hold'];
  close(): Promise<void>;
}

/** What one provider does. */
export interface ImageServerRules {
  isSubmit(request: ImageRequest): boolean;
  answer(request: ImageRequest): ImageReply | Promise<ImageReply>;
}

/** A server on a free port of the loopback interface. */
export async function startImageServer({ isSubmit, answer }: ImageServerRules): Promise<ImageServer> {
  const requests: ImageRequest[] = [];
  const [submits, others]: [Disturbance[], Disturbance[]] = [[], []];
  const holds = createHolds<ImageRequest>();
  const server = createServer(async (incoming, response) => {
    const url = new URL(incoming.url ?? '', 'http://server');
    const request: ImageRequest = {
      method: incoming.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: incoming.headers,
      body: parse((await buffer(incoming)).toString()),
    };
    requests.push(request);
    const disturbance = (isSubmit(request) ? submits : others).shift();
    if (disturbance === 'cut') return void response.destroy();
    if (typeof disturbance === 'object' && 'status' in disturbance) return send(response, disturbance);
    const reply = await answer(request);
    await holds.pass(request);
    if (disturbance === 'hang') return;
    if (disturbance === 'lost') return void response.destroy();
    if (disturbance === 'half') return sendHalf(response, reply);
    if (disturbance) await sleep(disturbance.waitMs);
    send(response, reply);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    requests,
    disturbSubmits: (...next) => void submits.push(...next),
    disturb: (...next) => void others.push(...next),
    hold: holds.hold,
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function bytesOf({ body }: ImageReply): Buffer {
  if (body === undefined) return Buffer.alloc(0);
  return Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

function head(response: ServerResponse, reply: ImageReply, bytes: Buffer): void {
  const type = Buffer.isBuffer(reply.body)
    ? 'image/png'
    : typeof reply.body === 'string'
      ? 'text/plain'
      : 'application/json';
  response.writeHead(reply.status, { 'content-type': type, 'content-length': bytes.length, ...reply.headers });
}

function send(response: ServerResponse, reply: ImageReply): void {
  const bytes = bytesOf(reply);
  head(response, reply, bytes);
  response.end(bytes);
}

function sendHalf(response: ServerResponse, reply: ImageReply): void {
  const bytes = bytesOf(reply);
  head(response, reply, bytes);
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy());
}
