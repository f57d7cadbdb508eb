import { inject } from 'vitest';
import type { Redis } from '../../../platform/capabilities/redis.ts';
import type { ProviderKey } from '../providers/adapter.ts';
import { createUpstreamState } from './shared-state.ts';
import { patientRedis } from './state-process.fixture.ts';
import type { StateTarget, Turn, TurnEnd, TurnRefusal, UpstreamState } from './upstream-state.ts';

export const { redisUrl } = inject('services');
export const open: (() => unknown)[] = [];
/** For `afterEach`. */
export async function closeAll(): Promise<void> {
  for (const close of open.splice(0).toReversed()) await close();
}

export const newPrefix = () => `test-${crypto.randomUUID()}`;
export const key = (id: string, more: Partial<ProviderKey> = {}): ProviderKey => ({
  id,
  secret: 's',
  weight: 1,
  ...more,
});
export const targetWith = (...keys: ProviderKey[]): StateTarget => ({ target: 'gpt', provider: 'openai', keys });
export const target = targetWith(key('one'));
export const leases = { leaseMs: 60_000, renewMs: 15_000 };

export async function connected(url = redisUrl): Promise<Redis> {
  const redis = await patientRedis(url);
  open.push(() => redis.disconnect());
  return redis;
}
export function stateOf(redis: Redis, prefix: string, more: { resetMs?: number; leases?: typeof leases } = {}) {
  const { resetMs = 30_000, ...rest } = more;
  const state = createUpstreamState({ redis, prefix, breaker: { failures: 5, resetMs }, ...rest });
  open.push(() => state.close());
  return state;
}
/** Several processes, as far as Redis sees. */
export const states = async (amount: number, more: Parameters<typeof stateOf>[2] = {}, url = redisUrl) => {
  const prefix = newPrefix();
  const made = await Promise.all(
    Array.from({ length: amount }, async () => stateOf(await connected(url), prefix, more)),
  );
  return made as UpstreamState[] as [UpstreamState, UpstreamState, ...UpstreamState[]];
};
const never = () => new AbortController().signal;
export const begin = (state: UpstreamState, of = target, waitMs = 0) => state.begin(of, { waitMs, signal: never() });
export async function taken(state: UpstreamState, of = target): Promise<Turn> {
  const answer = await begin(state, of);
  if ('reason' in answer) throw new Error(`Begin: ${answer.reason}`);
  return answer;
}
export const reasonOf = (answer: Turn | TurnRefusal) =>
  'reason' in answer ? answer.reason : answer.isProbe ? 'probe' : 'turn';
export async function call(state: UpstreamState, how: TurnEnd['outcome'] | TurnEnd, of = target): Promise<void> {
  (await taken(state, of)).end(typeof how === 'string' ? { outcome: how } : how);
  await settled(state);
}
/** What ended is in Redis: commands of one connection are in order. */
export const settled = (state: UpstreamState) => state.list();
export async function fail(over: UpstreamState[], times: number): Promise<void> {
  for (let turn = 0; turn < times; turn += 1) await call(over[turn % over.length] as UpstreamState, 'failure');
}
