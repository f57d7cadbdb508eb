import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createHolds, type Holds } from './hold-requests.ts';
import { readChunks, STREAMING } from './s3-chunks.ts';
import { listedKeys, listing } from './s3-listing.ts';
import { type Credentials, S3Refusal, verifySignature } from './s3-signature.ts';

/** What the server does to one request in place of what is right. */
export type S3Fault =
  | { kind: 'refuse'; status: number; code: string; headers?: Record<string, string>; more?: Record<string, string> }
  /** Ends the connection before, or after the object was stored, or in the middle of the content that is read. */
  | { kind: 'cut' | 'forget' | 'cut-content' }
  | { kind: 'slow'; ms: number }
  | { kind: 'ignore-range' };

export interface S3Server extends Credentials {
  /** `http://127.0.0.1:port` */
  endpoint: string;
  bucket: string;
  /** Methods and targets of all requests, in order. */
  readonly requests: string[];
  /** Meets the next requests with this method, one each. */
  fail(method: string, ...faults: S3Fault[]): void;
  /** Such requests, by method and target, begin once they are released. */
  hold: Holds<string>['hold'];
  /** How far its clock is ahead. */
  skewMs: number;
  isVersioned: boolean;
  /** Takes bodies in signed pieces, as large servers do and some compatible ones do not. */
  acceptsChunks: boolean;
  /** Says that objects in signed pieces were stored, and stores nothing. */
  isLying: boolean;
  /** Keys in a page of a listing. */
  pageKeys: number;
  /** Content of an object as it lies there; what is put here no client has signed. */
  pathOf(key: string): string;
  countObjects(): Promise<number>;
  /** All keys, in order. */
  keys(): Promise<string[]>;
  close(): Promise<void>;
}

const BUCKET = 'pandect-files';
const OWN_CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'c2VjcmV0/of+the+test', region: 'ru-central1' };

/**
 * One bucket behind S3's protocol, on the disk of this machine. Every signature is checked, and what compatible servers are known to
 * refuse is refused: checksums behind the body, chunks, a body without a length or of another hash, unsigned bodies.
 */
export async function startS3Server(credentials: Credentials = OWN_CREDENTIALS, host = '127.0.0.1'): Promise<S3Server> {
  const folder = await mkdtemp(join(tmpdir(), 'pandect-s3-'));
  const faults: { method: string; fault: S3Fault }[] = [];
  const holds = createHolds<string>();
  const self: S3Server = {
    ...credentials,
    ...{ endpoint: '', bucket: BUCKET, requests: [], skewMs: 0, isVersioned: false, pageKeys: 1000 },
    ...{ acceptsChunks: false, isLying: false },
    fail: (method, ...wanted) => void faults.push(...wanted.map((fault) => ({ method, fault }))),
    hold: holds.hold,
    pathOf: (key) => join(folder, encodeURIComponent(key)),
    keys: () => listedKeys(self),
    countObjects: async () => (await readdir(folder)).length,
    async close() {
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  const takeFault = (method: string) => {
    const index = faults.findIndex((one) => one.method === method);
    return index === -1 ? undefined : faults.splice(index, 1)[0]?.fault;
  };
  const server = createServer(async (request, response) => {
    const { method = '', url = '' } = request;
    self.requests.push(`${method} ${url}`);
    const fault = takeFault(method);
    await holds.pass(`${method} ${url}`);
    response.setHeader('date', new Date(Date.now() + self.skewMs).toUTCString());
    try {
      if (fault?.kind === 'cut') return void request.socket.destroy();
      if (fault?.kind === 'slow') await sleep(fault.ms);
      if (fault?.kind === 'refuse') {
        for (const [name, value] of Object.entries(fault.headers ?? {})) response.setHeader(name, value);
        throw new S3Refusal(fault.status, fault.code, fault.more);
      }
      await answer(self, request, response, fault);
    } catch (error) {
      if (!(error instanceof S3Refusal)) return void request.socket.destroy();
      refuse(response, error);
    }
  }).listen(0, host);
  await once(server, 'listening');
  self.endpoint = `http://${host}:${(server.address() as AddressInfo).port}`;
  return self;
}

function refuse(response: ServerResponse, { status, code, more }: S3Refusal): void {
  const elements = Object.entries({ Code: code, RequestId: randomUUID(), ...more });
  const body = elements.map(([name, text]) => `<${name}>${text}</${name}>`).join('');
  // Whatever of the body is on its way is not waited for.
  response.writeHead(status, { 'content-type': 'application/xml', connection: 'close' });
  response.end(`<?xml version="1.0" encoding="UTF-8"?>\n<Error>${body}</Error>`);
}

async function answer(server: S3Server, request: IncomingMessage, response: ServerResponse, fault?: S3Fault) {
  const { method = '', url: target = '', headers } = request;
  const hash = verifySignature({ method, target, headers }, server, new Date(Date.now() + server.skewMs));
  const url = new URL(target, server.endpoint);
  const host = headers.host ?? '';
  const path = host.startsWith(`${server.bucket}.`) ? `/${server.bucket}${url.pathname}` : url.pathname;
  const [, bucket, key = ''] = /^\/([^/]+)(?:\/(.*))?$/.exec(path) ?? [];
  if (bucket !== server.bucket) throw new S3Refusal(404, 'NoSuchBucket');
  if (method === 'GET' && key === '') {
    response.setHeader('content-type', 'application/xml');
    return void response.end(await listing(server, url.searchParams));
  }
  if (method === 'GET') return read();
  if (hash === undefined) throw new S3Refusal(403, 'AccessDenied');
  if (method === 'HEAD' && key === '') return void response.writeHead(200).end();
  if (method === 'HEAD') return look();
  if (method === 'PUT' && key !== '') return store(hash);
  if (method === 'DELETE' && key !== '') {
    await rm(server.pathOf(key), { force: true });
    return void response.writeHead(204).end();
  }
  throw new S3Refusal(405, 'MethodNotAllowed');

  async function store(expected: string) {
    const isChunked = `${headers['content-encoding']}`.includes('aws-chunked') || expected.startsWith('STREAMING-');
    if (server.acceptsChunks && expected === STREAMING) return storeChunks();
    if (isChunked || headers.trailer !== undefined || headers['x-amz-trailer'] !== undefined) {
      throw new S3Refusal(501, 'NotImplemented');
    }
    const bytes = headers['content-length'];
    if (bytes === undefined) throw new S3Refusal(411, 'MissingContentLength');
    if (!/^[0-9a-f]{64}$/.test(expected)) throw new S3Refusal(400, 'InvalidArgument');
    const draft = server.pathOf(`${key}.${randomUUID()}`);
    try {
      const sha256 = createHash('sha256');
      const file = await open(draft, 'wx');
      await pipeline(request, hashing(sha256), file.createWriteStream());
      if ((await stat(draft)).size !== Number(bytes)) throw new S3Refusal(400, 'IncompleteBody');
      if (sha256.digest('hex') !== expected) throw new S3Refusal(400, 'XAmzContentSHA256Mismatch');
      await rename(draft, server.pathOf(key));
    } finally {
      await rm(draft, { force: true });
    }
    if (fault?.kind === 'forget') return void request.socket.destroy();
    response.writeHead(200, { etag: '"0"' }).end();
  }

  async function storeChunks() {
    const now = new Date(Date.now() + server.skewMs);
    const content = await readChunks(request as AsyncIterable<Buffer>, { headers }, server, now);
    if (content.length !== Number(headers['x-amz-decoded-content-length'])) throw new S3Refusal(400, 'IncompleteBody');
    if (!server.isLying) await writeFile(server.pathOf(key), content);
    response.writeHead(200, { etag: `"${createHash('md5').update(content).digest('hex')}"` }).end();
  }

  async function look() {
    const found = await stat(server.pathOf(key)).catch(() => undefined);
    // There is no body to say why.
    if (!found) return void response.writeHead(404).end();
    const lastModified = found.mtime.toUTCString();
    response.writeHead(200, { 'content-length': found.size, 'last-modified': lastModified, etag: '"0"' }).end();
  }

  async function read() {
    const found = await stat(server.pathOf(key)).catch(() => undefined);
    if (!found) throw new S3Refusal(404, 'NoSuchKey');
    const { size } = found;
    const [, first, last] =
      fault?.kind === 'ignore-range' ? [] : (/^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? []);
    const start = Number(first ?? 0);
    const end = Math.min(last ? Number(last) : size - 1, size - 1);
    if (first !== undefined && start >= size)
      throw new S3Refusal(416, 'InvalidRange', { ActualObjectSize: String(size) });
    for (const name of ['content-disposition', 'content-type']) {
      const wanted = url.searchParams.get(`response-${name}`);
      if (wanted !== null) response.setHeader(name, wanted);
    }
    response.setHeader('last-modified', found.mtime.toUTCString());
    response.setHeader('content-length', end - start + 1);
    if (first !== undefined) response.setHeader('content-range', `bytes ${start}-${end}/${size}`);
    response.writeHead(first === undefined ? 200 : 206);
    if (size === 0) return void response.end();
    if (fault?.kind !== 'cut-content') return pipeline(createReadStream(server.pathOf(key), { start, end }), response);
    const half = createReadStream(server.pathOf(key), { start, end: Math.floor((start + end) / 2) });
    await pipeline(half, response, { end: false });
    setTimeout(() => request.socket.destroy(), 20);
  }
}

async function* pass(source: AsyncIterable<Buffer>, each: (piece: Buffer) => void) {
  for await (const piece of source) {
    each(piece);
    yield piece;
  }
}

const hashing = (hash: ReturnType<typeof createHash>) => (source: AsyncIterable<Buffer>) =>
  pass(source, (piece) => hash.update(piece));
