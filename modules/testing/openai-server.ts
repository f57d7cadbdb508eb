import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** One thing that happens on a streamed completion. `cut` breaks the connection, `hang` sends no more. */
export type StreamStep =
  | { delta: string }
  | { finish: string }
  | { usage: { prompt: number; completion: number; cached?: number } }
  /** An error object inside the stream, after the status was 200. */
  | { error: string }
  /** Bytes as they are, such as broken JSON. */
  | { raw: string }
  | { waitMs: number }
  | 'done'
  | 'cut'
  | 'hang';

/** What the server does with one request. A status alone is an error reply. */
export type Reply =
  | { stream: Iterable<StreamStep> }
  | { status: number; message?: string; headers?: Record<string, string> }
  | { json: unknown }
  | { raw: string }
  | 'cut'
  | 'hang';

/** Replies in turn, the last one for ever; or one made from the request's body. */
export type Script = readonly Reply[] | ((body: OpenAiBody) => Reply | Promise<Reply>);

/** What of a request's body this server looks at. */
export interface OpenAiBody {
  model?: string;
  messages?: { role: string; content: string }[];
  input?: string | string[];
  dimensions?: number;
  [field: string]: unknown;
}

export interface SeenRequest {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: OpenAiBody;
  /** True once the client left before the reply was complete. */
  abandoned: boolean;
}

export interface OpenAiServer {
  /** To be used as OPENAI_BASE_URL. */
  baseUrl: string;
  requests: SeenRequest[];
  close(): Promise<void>;
}

/** The steps of an ordinary streamed answer, cut into words. */
export function say(text: string, usage?: { prompt: number; completion: number; cached?: number }): Reply {
  const deltas = text.match(/\s*\S+\s*$|\s*\S+/g) ?? [];
  return {
    stream: [...deltas.map((delta) => ({ delta })), { finish: 'stop' }, ...(usage ? [{ usage }] : []), 'done'],
  };
}

/**
 * Speaks the part of OpenAI's protocol that the platform uses, on a free port of the loopback interface or another address. Unscripted, it
 * repeats the beginning of the first passage with the marker [1], and embeds by a hash of the text.
 */
export async function startOpenAiServer(
  scripts: { chat?: Script; embeddings?: Script; models?: Script; dimensions?: number } = {},
  host = '127.0.0.1',
): Promise<OpenAiServer> {
  const { dimensions = 8 } = scripts;
  const replyTo: Record<string, (body: OpenAiBody) => Reply | Promise<Reply>> = {
    'POST /v1/chat/completions': play(scripts.chat ?? quoteFirstPassage),
    'POST /v1/embeddings': play(scripts.embeddings ?? ((body) => embed(body, dimensions))),
    'GET /v1/models': play(scripts.models ?? [{ json: { object: 'list', data: [] } }]),
  };
  const requests: SeenRequest[] = [];
  const server = createServer(async (request, response) => {
    const path = request.url ?? '';
    const body = await readBody(request);
    const seen = { method: request.method ?? '', path, headers: request.headers, body, abandoned: false };
    requests.push(seen);
    response.on('close', () => {
      seen.abandoned = !response.writableFinished;
    });
    await send(
      response,
      (await replyTo[`${seen.method} ${path}`]?.(body)) ?? { status: 404, message: `no route ${path}` },
    );
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, host, resolve));
  return {
    baseUrl: `http://${host}:${(server.address() as AddressInfo).port}/v1`,
    requests,
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
}

/** Vectors for a request's texts, made from their words. */
export const embed = (body: OpenAiBody, dimensions = 8): Reply => ({ json: embeddings(body, dimensions) });

function play(script: Script): (body: OpenAiBody) => Reply | Promise<Reply> {
  if (typeof script === 'function') return script;
  let turn = 0;
  return () => {
    const reply = script[Math.min(turn, script.length - 1)] ?? 'hang';
    turn += 1;
    return reply;
  };
}

async function readBody(request: IncomingMessage): Promise<OpenAiBody> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece);
  return pieces.length === 0 ? {} : JSON.parse(Buffer.concat(pieces).toString());
}

async function send(response: ServerResponse, reply: Reply): Promise<void> {
  if (reply === 'hang') return;
  if (reply === 'cut') response.destroy();
  else if ('stream' in reply) await stream(response, reply.stream);
  else if ('status' in reply) {
    response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
    response.end(JSON.stringify({ error: { message: reply.message ?? `status ${reply.status}`, type: 'scripted' } }));
  } else {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end('raw' in reply ? reply.raw : JSON.stringify(reply.json));
  }
}

async function stream(response: ServerResponse, steps: Iterable<StreamStep>): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  response.flushHeaders();
  for (const step of steps) {
    if (response.destroyed || step === 'hang') return;
    if (step === 'cut') {
      // What was written must arrive first, or the client would see no beginning.
      await new Promise((resolve) => response.write(': cut\n\n', resolve));
      response.destroy();
      return;
    }
    if (step === 'done') response.write('data: [DONE]\n\n');
    else if ('waitMs' in step) await sleep(step.waitMs);
    else response.write('raw' in step ? step.raw : `data: ${JSON.stringify(chunk(step))}\n\n`);
  }
  response.end();
}

function chunk(step: Exclude<StreamStep, string | { raw: string } | { waitMs: number }>): unknown {
  const head = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 0, model: 'scripted' };
  if ('error' in step) return { error: { message: step.error, type: 'server_error' } };
  if ('usage' in step) {
    const { prompt, completion, cached } = step.usage;
    const details = cached === undefined ? {} : { prompt_tokens_details: { cached_tokens: cached } };
    const usage = {
      prompt_tokens: prompt,
      completion_tokens: completion,
      total_tokens: prompt + completion,
      ...details,
    };
    return { ...head, choices: [], usage };
  }
  const choice =
    'delta' in step
      ? { index: 0, delta: { content: step.delta }, finish_reason: null }
      : { index: 0, delta: {}, finish_reason: step.finish };
  return { ...head, choices: [choice] };
}

export function quoteFirstPassage(body: OpenAiBody): Reply {
  const passage = /<passage-\w+ number="1"[^>]*>\n([\s\S]*?)\n<\/passage-/.exec(
    body.messages?.at(-1)?.content ?? '',
  )?.[1];
  if (!passage) return say('NO_ANSWER', { prompt: 10, completion: 2 });
  const words = passage.trim().split(/\s+/).slice(0, 20);
  return say(`${words.join(' ')} [1]`, { prompt: 100, completion: words.length + 3 });
}

function embeddings(body: OpenAiBody, dimensions: number): unknown {
  const texts = typeof body.input === 'string' ? [body.input] : (body.input ?? []);
  return {
    object: 'list',
    model: body.model,
    data: texts.map((text, index) => ({
      object: 'embedding',
      index,
      embedding: vectorOf(text, body.dimensions ?? dimensions),
    })),
    usage: { prompt_tokens: texts.length, total_tokens: texts.length },
  };
}

/** Equal texts get equal vectors, others very probably not. */
function vectorOf(text: string, dimensions: number): number[] {
  const vector = new Array<number>(dimensions).fill(0.01);
  for (const word of text.toLowerCase().split(/\s+/)) {
    let hash = 7;
    for (const letter of word) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
    vector[hash % dimensions] = (vector[hash % dimensions] ?? 0) + 1;
  }
  return vector;
}
