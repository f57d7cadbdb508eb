import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { ParsedDocument } from '../../../modules/legal/reading/index.ts';

/** A document as the API has it. */
export interface SourceDocument {
  title: string;
  format: string;
  bytes: Buffer;
  parsed: Pick<ParsedDocument, 'text' | 'pageStarts'>;
  recognized?: { page: number; width: number; height: number; words: number[][] }[];
}

/** The policy that the platform serves its app with. */
const policy = [
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:",
  "font-src 'self' data:; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  "require-trusted-types-for 'script'; trusted-types pandect",
].join('; ');

const mediaTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
};

const TOKEN = 'h.eyJzdWIiOiJhbm5hIn0.s';

/**
 * The built app and the part of the API that shows sources, on a port of its own: with the session, the ranges and the policy that
 * the platform has.
 */
export async function serveSources(site: string, documents: ReadonlyMap<string, SourceDocument>) {
  const ranges: string[] = [];
  const hits: object[] = [];
  const conversations = new Map<string, object>();
  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.writeHead(500).end());
  });
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (!pathname.startsWith('/api/')) return serveFile(site, pathname, response);
    if (pathname === '/api/auth/refresh') return json(response, { accessToken: TOKEN, expiresIn: 600 });
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return problem(response, 401);
    if (pathname === '/api/search') return json(response, { hits });
    const conversation = conversations.get(pathname.replace('/api/conversations/', ''));
    if (conversation) return json(response, conversation);
    const [, id = '', part] = /^\/api\/documents\/([^/]+)(?:\/(\w+))?$/.exec(pathname) ?? [];
    const document = documents.get(id);
    if (!document) return problem(response, 404);
    if (part === 'content') return sendContent(document.bytes, request, response, ranges);
    if (part === 'text')
      return void response.setHeader('content-type', 'text/plain; charset=utf-8').end(document.parsed.text);
    if (part === 'pages') {
      return json(response, { pageStarts: document.parsed.pageStarts, recognized: document.recognized ?? [] });
    }
    return json(response, { id, title: document.title, format: document.format, replacedBy: null, status: 'ready' });
  }
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    /** The values of `Range` that were asked for. */
    ranges,
    /** What a search finds. */
    hits,
    /** Conversations as the API has them, by their ids. */
    conversations,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

async function serveFile(site: string, pathname: string, response: ServerResponse): Promise<void> {
  const isAsset = pathname.startsWith('/assets/');
  const name = isAsset ? pathname : '/index.html';
  const bytes = await readFile(join(site, name)).catch(() => undefined);
  if (!bytes) return void response.writeHead(404).end();
  response.setHeader('content-type', mediaTypes[extname(name)] ?? 'application/octet-stream');
  response.setHeader('content-security-policy', policy);
  response.end(bytes);
}

function sendContent(bytes: Buffer, request: IncomingMessage, response: ServerResponse, ranges: string[]): void {
  const { range } = request.headers;
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? [];
  response.setHeader('content-type', 'application/pdf').setHeader('accept-ranges', 'bytes');
  if (range === undefined || first === undefined) return void response.end(bytes);
  ranges.push(range);
  const end = Math.min(Number(last), bytes.length - 1);
  response.setHeader('content-range', `bytes ${first}-${end}/${bytes.length}`);
  response.writeHead(206).end(bytes.subarray(Number(first), end + 1));
}

function json(response: ServerResponse, body: object): void {
  response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
}

function problem(response: ServerResponse, status: number): void {
  const type = status === 401 ? 'unauthenticated' : 'not-found';
  response.writeHead(status, { 'content-type': 'application/problem+json' });
  response.end(JSON.stringify({ type: `urn:pandect:problem:${type}`, title: type, status }));
}
