import { expect, it } from 'vitest';
import { targetAt } from '../routing/exchange.fixture.ts';
import { type AnswerCache, type CachedCall, throughCache } from './through-cache.ts';

function memory(): AnswerCache {
  const entries = new Map<string, unknown>();
  return {
    cache: {
      get: async <T>(key: string) => entries.get(key) as T | undefined,
      set: async (key, value) => void entries.set(key, value),
      removeAll: async () => entries.clear(),
    },
    singleFlight: {
      async *run(_, { find, work }) {
        const found = await find();
        return found ? { found } : { made: yield* work() };
      },
    },
  };
}

const target = targetAt({ baseUrl: 'http://x.test' }, { name: 'gpt' });
const call: CachedCall = {
  ...{ organizationId: 'one', dialect: 'chat', stream: false, seconds: 60, signal: new AbortController().signal },
  ...{ targets: [target], body: { messages: [] }, headers: undefined },
};

/** Whether an answer to the second call is the one that is kept of the first. */
async function isSame(changes: Partial<CachedCall>): Promise<boolean> {
  const cache = memory();
  const ask = (asked: CachedCall) =>
    throughCache(
      cache,
      asked,
      async () => {
        const [first = target] = asked.targets;
        const answer = {
          kind: 'whole',
          status: 200,
          contentType: 'application/json',
          body: Buffer.from('{}'),
        } as const;
        return { ...answer, target: first };
      },
      () => true,
    );
  expect(await ask(call)).toHaveProperty('miss');
  // A whole answer is kept after it was given.
  await new Promise(setImmediate);
  return 'hit' in (await ask({ ...call, ...changes }));
}

it.each<[string, Partial<CachedCall>, boolean]>([
  ['an equal request', {}, true],
  ['another trace', { headers: { traceparent: '00-1-2-01' } }, true],
  ['another beta of the provider', { headers: { 'openai-beta': 'assistants=v2' } }, false],
  ['another model under the same name', { targets: [{ ...target, model: 'gpt-6' }] }, false],
  [
    'the same model at another provider',
    { targets: [{ ...target, provider: { ...target.provider, name: 'p2' } }] },
    false,
  ],
])('whether an answer that is kept is given: %s', async (_, changes, expected) => {
  expect(await isSame(changes)).toBe(expected);
});
