import { createHash } from 'node:crypto';
import type { Cache, SingleFlight } from '../../../platform/capabilities/cache/index.ts';
import type { DialectName, Json } from '../dialects/contract.ts';
import { without } from '../dialects/json.ts';
import type { BegunAnswer, WholeAnswer } from '../routing/contract.ts';
import type { Target } from '../routing/route.ts';
import { recordStream } from './record-stream.ts';
import { type StoredAnswer, storeAnswer } from './stored-answer.ts';

export interface AnswerCache {
  cache: Cache;
  singleFlight: SingleFlight;
  /** Told whether an answer was there. */
  onResult?(result: 'hit' | 'miss'): void;
}

/** What an answer depends on, besides the target. */
export interface CachedCall {
  organizationId: string;
  dialect: DialectName;
  body: Json;
  /** Of the caller, that go on to the upstream. */
  headers: Readonly<Record<string, string>> | undefined;
  stream: boolean;
  targets: readonly Target[];
  seconds: number;
  signal: AbortSignal;
}

/** A larger answer is not kept. */
const MOST_BYTES = 1_048_576;

/** What says nothing of the answer: who asks, and how it is sent. Whether it is a stream stands in the key by itself. */
const ignored = new Set(['stream', 'user', 'metadata', 'safety_identifier', 'prompt_cache_key']);
const ignoredHeaders = new Set(['traceparent']);

/**
 * Gives an answer that was kept for an equal request, of the same organization and any of the targets, or asks for one and keeps it
 * under the target that gave it. Equal requests at the same time make one call.
 * @param isComplete whether the last answer ended in good order
 * @returns the stored answer on a hit, else the one that `ask` gives
 */
export async function throughCache<Answer extends WholeAnswer | BegunAnswer>(
  { cache, singleFlight, onResult }: AnswerCache,
  call: CachedCall,
  ask: () => Promise<Answer>,
  isComplete: () => boolean,
): Promise<{ hit: StoredAnswer } | { miss: Answer }> {
  const { organizationId, targets, seconds, signal } = call;
  const digest = digestOf(call);
  // By the model as well, to which another version of the configuration may lead under the same name.
  const keyOf = ({ name, provider, model }: Target) =>
    `gateway:${organizationId}:${digest}:${name}:${provider.name}:${model}`;
  const find = async () => {
    const found = await Promise.all(targets.map((target) => cache.get<StoredAnswer>(keyOf(target))));
    return found.find((stored) => stored !== undefined);
  };
  const keep = async (answer: Answer, body: Buffer | undefined) => {
    if (!body || body.length > MOST_BYTES || !isComplete()) return;
    await cache.set(keyOf(answer.target), storeAnswer(answer, body), seconds);
  };
  async function* work(): AsyncGenerator<Answer, void> {
    const answer = await ask();
    if (answer.kind === 'whole') {
      if (answer.status === 200) await keep(answer, answer.body);
      yield answer;
      return;
    }
    const { bytes, body } = recordStream(answer.bytes, { most: MOST_BYTES, continues: false });
    yield { ...answer, bytes };
    await keep(answer, await body);
  }
  const flight = singleFlight.run(`gateway:${organizationId}:${digest}`, { find, work, signal });
  const first = await flight.next();
  if (!first.done) {
    // The rest keeps the answer, after its end.
    void flight.next().catch(() => {});
    onResult?.('miss');
    return { miss: first.value };
  }
  if (!('found' in first.value)) throw new Error('Ask through cache: the work gave no answer');
  onResult?.('hit');
  return { hit: first.value.found };
}

function digestOf({ organizationId, dialect, stream, body, headers = {} }: CachedCall): string {
  const asked = [without(body, ignored), without(headers, ignoredHeaders)];
  const text = JSON.stringify([organizationId, dialect, stream, canonical(asked)]);
  return createHash('sha256').update(text).digest('hex');
}

/** The same value with the fields of every object in one order. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, inner]): [string, unknown] => [name, canonical(inner)]);
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
