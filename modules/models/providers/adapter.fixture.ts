import { expect } from 'vitest';
import type { ProviderServer, Reply } from '../../testing/providers/provider-server.ts';
import { readText, send } from '../../testing/providers/send.ts';
import type { ChatAnswer, ChatBody, ChatChunk, Json, TokenCount, Wire, WireEvent } from '../dialects/contract.ts';
import type { Adapter, AdapterCall, FailureReason, Provider, ProviderKey, UpstreamFailure } from './adapter.ts';

export interface AdapterUnderTest {
  adapter: Adapter;
  /** Undefined for one that answers by itself. */
  server?: ProviderServer;
  provider: Provider;
  key: ProviderKey;
  model: string;
  /** A model of another name that the server does not have. */
  unknownModel?: string;
  embeddingModel?: string;
  can: { tools?: boolean; vision?: boolean; json?: boolean; cached?: boolean };
  /** How the server says that something is wrong, by name, and what that means. */
  failures?: Record<string, [Reply, FailureReason]>;
  close(): Promise<void>;
}

export const providerOf = (kind: Adapter['kind'], baseUrl: string, options: Provider['options'] = {}): Provider => ({
  name: `${kind}-test`,
  kind,
  baseUrl,
  keys: [],
  timeouts: { connectMs: 1_000, firstMs: 1_000, idleMs: 1_000, totalMs: 5_000 },
  options,
});

export const keyOf = (secret: string): ProviderKey => ({ id: 'first', secret, weight: 1 });

export const callOf = (tested: Pick<AdapterUnderTest, 'provider' | 'key' | 'model'>): AdapterCall => ({
  provider: tested.provider,
  key: tested.key,
  model: tested.model,
  signal: AbortSignal.timeout(5_000),
  send: (request) => send(request),
});

/** What came of one call. */
export interface Outcome {
  answer?: ChatAnswer | undefined;
  chunks?: ChatChunk[];
  usage?: TokenCount | undefined;
  failure?: UpstreamFailure | undefined;
  text: string;
}

/** Asks as the gateway does: written by the wire, put into a request by the adapter, read by the wire. */
export async function askAdapter(
  tested: AdapterUnderTest,
  wire: Wire,
  body: Json,
  { stream = false, call = callOf(tested) }: { stream?: boolean; call?: AdapterCall } = {},
): Promise<Outcome> {
  const { adapter } = tested;
  const written = wire.writeRequest(body as ChatBody, { model: call.model, stream, maxOutput: 1_000 });
  const request = await adapter.chat(wire, stream ? withUsage(wire, written) : written, call);
  const response = adapter.answer ? await adapter.answer(request, call.signal) : await send(request);
  const text = await readText(response);
  if (response.status !== 200) return { failure: adapter.failureOf(response.status, response.headers, text), text };
  if (!stream) {
    const json = JSON.parse(text) as Json;
    const failure = adapter.failureIn?.(json);
    if (failure) return { failure, text };
    const answer = wire.readAnswer(json);
    return { answer, usage: wire.readUsage(json), text: textOf(answer.choices[0]?.message.content) };
  }
  return readStream(wire, text);
}

/** The gateway asks OpenAI's own format for the count. */
const withUsage = (wire: Wire, body: Json): Json =>
  wire.name === 'chat' ? { ...body, stream_options: { include_usage: true } } : body;

function readStream(wire: Wire, stream: string): Outcome {
  const reader = wire.createReader();
  const events = stream.split('\n\n').filter((event) => event.trim() !== '');
  const chunks = [...events.flatMap((event) => reader.read(parseEvent(event))), ...reader.end()];
  const text = chunks.map((chunk) => textOf(chunk.choices[0]?.delta?.content)).join('');
  let usage: TokenCount | undefined;
  const meanings = events.map((event) => {
    const meaning = wire.meaningOf(parseEvent(event), usage);
    usage = meaning?.usage ?? usage;
    return meaning;
  });
  expect(meanings.some((meaning) => meaning?.isEnd)).toBe(true);
  expect(meanings.findIndex((meaning) => meaning?.hasContent)).toBeGreaterThanOrEqual(0);
  const last = chunks.at(-1);
  expect(last?.choices).toEqual([]);
  expect(last?.usage?.prompt_tokens).toBe(usage?.input);
  return { chunks, usage, text };
}

function parseEvent(text: string): WireEvent {
  const lines = text.split('\n');
  const event = lines.find((line) => line.startsWith('event: '))?.slice(7);
  const data = lines.filter((line) => line.startsWith('data: ')).map((line) => line.slice(6));
  return { ...(event !== undefined && { event }), data: data.join('\n') };
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : '');

/** With another key, which may be refused before the conversation itself is asked. */
export async function askWithKey(tested: AdapterUnderTest, wire: Wire, body: Json, secret: string): Promise<Outcome> {
  const call = { ...callOf(tested), key: { ...tested.key, secret } };
  try {
    return await askAdapter(tested, wire, body, { call });
  } catch (error) {
    // Of a key that is exchanged for a token first.
    const { failure } = error as { failure?: UpstreamFailure };
    if (!failure) throw error;
    return { failure, text: '' };
  }
}

/** The only call of a tool in a stream, put together. */
export function toolCallIn(chunks: readonly ChatChunk[]) {
  const deltas = chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? []);
  const [first] = deltas;
  expect(deltas.every(({ index }) => index === 0)).toBe(true);
  expect(deltas.filter(({ id }) => id)).toHaveLength(1);
  const given = deltas.map((delta) => delta.function?.arguments ?? '').join('');
  return first && { id: first.id, type: 'function', function: { name: first.function?.name, arguments: given } };
}
