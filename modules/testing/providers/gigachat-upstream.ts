import { randomUUID } from 'node:crypto';
import type { FailureReason } from '../../models/providers/adapter.ts';
import { conversationMistake } from './gigachat-rules.ts';
import { vectorOf } from './openai-format.ts';
import {
  type Json,
  type ProviderServer,
  type Reply,
  type SeenRequest,
  startProviderServer,
  type Turn,
  wordsOf,
} from './provider-server.ts';

const TOKEN_LIFE_MS = 1_800_000;
const UUID4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const models = new Set(['GigaChat-2', 'GigaChat-2-Max']);
const embeddingModels = new Set(['Embeddings', 'EmbeddingsGigaR']);
const scopes = new Set(['GIGACHAT_API_PERS', 'GIGACHAT_API_B2B', 'GIGACHAT_API_CORP']);

export interface GigaChatUpstream extends ProviderServer {
  oauthUrl: string;
  /** Tokens given so far. */
  issued(): number;
  /** Refuses every token given so far. */
  expireTokens(): void;
  /** Ids of pictures that are stored. */
  files: Set<string>;
}

export interface GigaChatLimits {
  /** Conversations at the same time. */
  concurrency?: number;
  /** Tokens in all, after which it refuses to give more. */
  tokens?: number;
  /** How cached tokens are counted: as a part of the prompt's, or next to them. */
  precached?: 'included' | 'added';
  tokenLifeMs?: number;
  /** Milliseconds that it takes to give a token. */
  tokenWaitMs?: number;
}

export const gigaChatError = (status: number, message: string): Reply => ({ status, json: { status, message } });

/** GigaChat's first API below `/api/v1`, and its server of tokens. @param key the only authorization key, in base64 */
export async function startGigaChatUpstream(key: string, limits: GigaChatLimits = {}): Promise<GigaChatUpstream> {
  const state = { issued: 0, valid: new Map<string, number>(), files: new Set<string>(), states: new Set<string>() };
  const { concurrency } = limits;
  const server = await startProviderServer({
    handle: (request) =>
      request.path === '/api/v2/oauth' ? giveToken(request, key, limits, state) : handle(request, state),
    say: (turn, request) => say(turn, request, limits.precached ?? 'included', state.states),
    ...(concurrency !== undefined && { concurrency }),
    tooMany: gigaChatError(429, 'Too Many Requests'),
  });
  return {
    ...server,
    oauthUrl: `${server.origin}/api/v2/oauth`,
    issued: () => state.issued,
    expireTokens: () => state.valid.clear(),
    files: state.files,
  };
}

interface State {
  issued: number;
  /** When each token expires. */
  valid: Map<string, number>;
  files: Set<string>;
  states: Set<string>;
}

function giveToken(request: SeenRequest, key: string, limits: GigaChatLimits, state: State): Reply {
  const { headers, method, raw } = request;
  const refuse = (status: number, code: number, message: string): Reply => ({ status, json: { code, message } });
  if (method !== 'POST') return refuse(405, 1, 'Method not allowed');
  if (!UUID4.test(String(headers.rquid))) return refuse(400, 1, 'RqUID header must be a UUID');
  if (headers['content-type'] !== 'application/x-www-form-urlencoded') return refuse(400, 2, 'Wrong content type');
  if (headers.authorization !== `Basic ${key}`) return refuse(401, 6, "credentials doesn't match db data");
  if (!scopes.has(new URLSearchParams(raw.toString()).get('scope') ?? '')) return refuse(400, 7, 'scope is invalid');
  if (state.issued >= (limits.tokens ?? Number.POSITIVE_INFINITY)) return gigaChatError(429, 'Too Many Requests');
  state.issued += 1;
  const token = `eyJ.${randomUUID()}`;
  const expiresAt = Date.now() + (limits.tokenLifeMs ?? TOKEN_LIFE_MS);
  state.valid.set(token, expiresAt);
  return { waitMs: limits.tokenWaitMs ?? 0, json: { access_token: token, expires_at: expiresAt } };
}

function handle(request: SeenRequest, state: State): Reply | undefined {
  const { method, path, headers, body } = request;
  const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
  if ((state.valid.get(token) ?? 0) <= Date.now()) return gigaChatError(401, 'Token has expired');
  if (method !== 'POST') return gigaChatError(405, 'Method not allowed');
  if (path === '/api/v1/files') return store(request, state.files);
  const deleted = /^\/api\/v1\/files\/([\w-]+)\/delete$/.exec(path)?.[1];
  if (deleted !== undefined) {
    return state.files.delete(deleted) ? { json: { id: deleted, deleted: true } } : gigaChatError(404, 'No such file');
  }
  if (headers['content-type'] !== 'application/json') return gigaChatError(400, 'Wrong content type');
  if (path === '/api/v1/embeddings') return embed(body);
  if (path === '/api/v1/tokens/count') return countTokens(body);
  if (path !== '/api/v1/chat/completions') return gigaChatError(404, 'Not found');
  if (!models.has(String(body.model))) return gigaChatError(404, 'No such model');
  const mistake = conversationMistake(body, state.files, state.states);
  return mistake === undefined ? undefined : gigaChatError(422, mistake);
}

function store({ headers, raw }: SeenRequest, files: Set<string>): Reply {
  const boundary = /^multipart\/form-data; boundary=(\S+)$/.exec(headers['content-type'] ?? '')?.[1];
  const parts = boundary === undefined ? [] : raw.toString('latin1').split(`--${boundary}`);
  const hasPurpose = parts.some((part) => part.includes('name="purpose"') && part.includes('\r\n\r\ngeneral\r\n'));
  const file = parts.find((part) =>
    /name="file"; filename="[^"]+"\r\nContent-Type: image\/(png|jpeg)\r\n\r\n/.test(part),
  );
  if (!hasPurpose || file === undefined) return gigaChatError(400, 'Wrong form');
  const id = randomUUID();
  files.add(id);
  return { json: { id, object: 'file', bytes: file.length, purpose: 'general', access_policy: 'private' } };
}

function countTokens({ model, input, ...others }: Json): Reply {
  if (!models.has(String(model))) return gigaChatError(404, 'No such model');
  const isRight = Array.isArray(input) && input.every((text) => typeof text === 'string' && text !== '');
  if (!isRight || Object.keys(others).length > 0) return gigaChatError(422, 'Invalid params');
  const counted = (text: string) => ({ object: 'tokens', tokens: text.split(/\s+/).length, characters: text.length });
  return { json: (input as string[]).map(counted) };
}

function embed(body: Json): Reply {
  if (!embeddingModels.has(String(body.model))) return gigaChatError(404, 'No such model');
  const unknown = Object.keys(body).find((name) => name !== 'model' && name !== 'input');
  if (unknown) return gigaChatError(422, `Invalid params: unknown field ${unknown}`);
  const texts = body.input as string[];
  if (!Array.isArray(texts) || !texts.every((text) => typeof text === 'string')) return gigaChatError(422, 'input');
  const data = texts.map((text, index) => ({
    object: 'embedding',
    embedding: vectorOf(text, 16),
    index,
    usage: { prompt_tokens: 4 },
  }));
  return { json: { object: 'list', data, model: body.model } };
}

const finishes = { stop: 'stop', length: 'length', filtered: 'blacklist' } as const;

function say(turn: Turn, { body }: SeenRequest, precached: 'included' | 'added', states: Set<string>): Reply {
  const { text = '', reasoning, tools = [] } = turn;
  const [call] = tools;
  const stateId = randomUUID();
  if (call) states.add(stateId);
  const message = {
    role: 'assistant',
    content: text,
    ...(reasoning !== undefined && { reasoning_content: reasoning }),
    ...(call && { function_call: call, functions_state_id: stateId }),
  };
  const finish = call ? 'function_call' : finishes[turn.finish ?? 'stop'];
  const head = { created: 1_764_000_000, model: `${body.model}:2.0.28.2`, object: 'chat.completion' };
  const usage = usageOf(turn, precached);
  if (body.stream !== true) {
    return { json: { choices: [{ message, index: 0, finish_reason: finish }], ...head, usage } };
  }
  const words = wordsOf(text);
  const deltas: Json[] = [
    ...wordsOf(reasoning ?? '').map((reasoning_content) => ({ role: 'assistant', reasoning_content })),
    ...words.slice(0, -1).map((content) => ({ content })),
  ];
  // The last chunk with content holds the count and the reason of the end.
  const last = call ? message : { content: words.at(-1) ?? '' };
  const chunks = [
    ...deltas.map((delta) => ({ choices: [{ delta, index: 0 }], ...head })),
    { choices: [{ delta: last, index: 0, finish_reason: finish }], ...head, usage },
  ];
  return { pieces: [...chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`), 'data: [DONE]\n\n'] };
}

function usageOf({ usage }: Turn, precached: 'included' | 'added'): Json | undefined {
  if (!usage) return undefined;
  const { input, cached = 0, output } = usage;
  return {
    prompt_tokens: precached === 'added' ? input - cached : input,
    completion_tokens: output,
    total_tokens: input + output,
    precached_prompt_tokens: cached,
  };
}

/** How it says that something is wrong, beyond its rules, and what that means. */
export const gigaChatFailures: Record<string, [Reply, FailureReason]> = {
  'bad request': [gigaChatError(400, 'Bad request'), 'refused'],
  'no money': [gigaChatError(402, 'Payment Required'), 'key-refused'],
  forbidden: [gigaChatError(403, 'Permission denied'), 'key-refused'],
  'too large': [gigaChatError(413, 'Payload too large'), 'too-long'],
  'too long': [gigaChatError(422, 'Requested tokens limit exceeded'), 'too-long'],
  'too many': [{ ...gigaChatError(429, 'Too Many Requests'), headers: { 'retry-after': '2' } }, 'rate-limited'],
  'too many, with status 200': [{ json: { status: 429, message: 'Too Many Requests' } }, 'rate-limited'],
  broken: [gigaChatError(500, 'Internal Server Error'), 'broken'],
  away: [gigaChatError(503, 'Service Unavailable'), 'overloaded'],
};
