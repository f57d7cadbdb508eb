import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export type Json = Record<string, unknown>;

/** What a model says in one answer; each provider's server writes it in its own format. */
export interface Turn {
  text?: string;
  reasoning?: string;
  tools?: { name: string; arguments: Json }[];
  /** `stop` unless given, or the end for tools. */
  finish?: 'stop' | 'length' | 'filtered';
  usage?: { input: number; cached?: number; cacheWrite?: number; output: number };
  /** Milliseconds before it begins to answer. */
  waitMs?: number;
}

/** An answer as it goes over the wire. */
export interface Reply {
  status?: number;
  headers?: Record<string, string>;
  json?: unknown;
  /** Pieces of a stream, or a text. */
  pieces?: readonly (string | Buffer)[];
  waitMs?: number;
}

export interface SeenRequest {
  method: string;
  /** Without the query. */
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  raw: Buffer;
  /** {} for a body that is no JSON object. */
  body: Json;
}

export interface ProviderServer {
  /** `http://127.0.0.1:<port>` */
  origin: string;
  requests: SeenRequest[];
  /** What it answers to the next conversations that keep the rules, in turn; without any it says `defaultTurn`. */
  script(...turns: (Turn | { reply: Reply })[]): void;
  close(): Promise<void>;
}

export const defaultTurn: Turn = {
  text: 'The Tenant shall pay the rent by the fifth day.',
  usage: { input: 120, output: 14 },
};

/** The rules and the format of one provider. */
export interface ProviderRules {
  /** The answer to anything that is no conversation, such as embeddings, and to what breaks a rule; undefined for a conversation. */
  handle(request: SeenRequest): Reply | undefined;
  /** The answer to a conversation. */
  say(turn: Turn, request: SeenRequest): Reply;
  /** Conversations at the same time; one more gets `tooMany`. */
  concurrency?: number;
  tooMany?: Reply;
}

/** A server on the loopback interface that keeps the rules of a provider. */
export async function startProviderServer(rules: ProviderRules): Promise<ProviderServer> {
  const requests: SeenRequest[] = [];
  const scripted: (Turn | { reply: Reply })[] = [];
  let inProgress = 0;
  const converse = async (request: SeenRequest, response: ServerResponse) => {
    if (rules.tooMany && inProgress >= (rules.concurrency ?? Number.POSITIVE_INFINITY)) {
      return send(response, rules.tooMany);
    }
    inProgress += 1;
    try {
      const next = scripted.shift() ?? defaultTurn;
      const reply = 'reply' in next ? next.reply : { waitMs: next.waitMs ?? 0, ...rules.say(next, request) };
      await send(response, reply);
    } finally {
      inProgress -= 1;
    }
  };
  const server = createServer(async (incoming, response) => {
    const request = await readRequest(incoming);
    requests.push(request);
    const reply = rules.handle(request);
    if (reply) await send(response, reply);
    else await converse(request, response);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    script: (...turns) => scripted.push(...turns),
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
}

async function readRequest(incoming: IncomingMessage): Promise<SeenRequest> {
  const pieces: Buffer[] = [];
  for await (const piece of incoming) pieces.push(piece);
  const raw = Buffer.concat(pieces);
  const { pathname: path, searchParams: query } = new URL(incoming.url ?? '', 'http://localhost');
  return { method: incoming.method ?? '', path, query, headers: incoming.headers, raw, body: objectIn(raw) };
}

function objectIn(raw: Buffer): Json {
  try {
    return Object(JSON.parse(raw.toString()));
  } catch {
    return {};
  }
}

async function send(response: ServerResponse, { status = 200, headers, json, pieces, waitMs = 0 }: Reply) {
  await sleep(waitMs);
  const contentType = pieces ? 'text/event-stream' : 'application/json';
  response.writeHead(status, { 'content-type': contentType, ...headers });
  for (const piece of pieces ?? [JSON.stringify(json)]) response.write(piece);
  response.end();
}

/** `text` in pieces of a few words, as a stream brings it. */
export const wordsOf = (text: string): string[] => text.match(/\s*\S+(?:\s+\S+)?/g) ?? [];
