import type { ProviderKey } from '../providers/adapter.ts';
import { admitCall, type BreakerLimits, type BreakerState, closedBreaker, settleCall } from './circuit-breaker.ts';
import { drawByWeight } from './draw-by-weight.ts';
import { createQuarterRates, quarterOf } from './quarter.ts';
import { BUSY_MS } from './shared-scripts.ts';
import type { StateTarget, TurnEnd, TurnRefusal, UpstreamState } from './upstream-state.ts';

export const PARKED_MS = 600_000;

/** A call as this process alone admits it. */
export interface LocalTurn {
  key: ProviderKey;
  epoch: number;
  isProbe: boolean;
}

/**
 * What one process knows of upstreams by itself: the results of its own calls, and what it last heard of the others'. It decides while
 * Redis cannot, and lets a quarter of each limit through, at least one.
 */
export interface LocalState {
  /** @param inUse calls of this process with that key */
  begin(target: StateTarget, inUse: (key: ProviderKey) => number): LocalTurn | TurnRefusal;
  /** Epoch of the breaker, for a call that was admitted elsewhere. */
  epochOf(target: string): number;
  end(target: StateTarget, key: ProviderKey, epoch: number, how: TurnEnd): void;
  /** What others found: open for so many milliseconds; or closed. */
  learn(target: string, openMs: number | undefined): void;
  /** Milliseconds for which the key is left alone. */
  restMs(target: StateTarget, key: ProviderKey): number;
  list(): Awaited<ReturnType<UpstreamState['list']>>;
  set(target: string, state: 'open' | 'closed'): void;
}

export const keyName = ({ provider }: StateTarget, { id }: ProviderKey): string => `${provider}:${id}`;

/** @param now milliseconds since the epoch @param random from 0 to 1 */
export function createLocalState(
  limits: BreakerLimits,
  now: () => number = Date.now,
  random: () => number = Math.random,
): LocalState {
  const breakers = new Map<string, BreakerState>();
  const rests = new Map<string, number>();
  const takeRate = createQuarterRates(now);
  const breakerOf = (target: string) => breakers.get(target) ?? closedBreaker;
  const restsOf = (target: StateTarget, key: ProviderKey) => [
    keyName(target, key),
    `${keyName(target, key)} ${target.target}`,
  ];
  const restMs = (target: StateTarget, key: ProviderKey) =>
    Math.max(0, ...restsOf(target, key).map((name) => (rests.get(name) ?? 0) - now()));
  const rest = (name: string, ms = 0) => {
    for (const [other, until] of rests) if (until <= now()) rests.delete(other);
    if (ms > 0) rests.set(name, Math.max(rests.get(name) ?? 0, now() + ms));
  };
  const hasRate = (target: StateTarget, key: ProviderKey): boolean =>
    key.rpm === undefined || takeRate(keyName(target, key), key.rpm).allowed;

  return {
    restMs,
    epochOf: (target) => breakerOf(target).epoch,

    begin(target, inUse) {
      const before = breakerOf(target.target);
      const { state, admitted } = admitCall(before, limits, now());
      if (!admitted && before.name !== 'closed') {
        return { reason: 'open', retryAfterMs: Math.ceil(before.since + limits.resetMs - now()) };
      }
      const awake = target.keys.filter((key) => restMs(target, key) === 0);
      if (awake.length === 0) {
        return { reason: 'resting', retryAfterMs: Math.min(...target.keys.map((key) => restMs(target, key))) };
      }
      const free = awake.filter((key) => inUse(key) < quarterOf(key.concurrency));
      const key = byWeight(free, random()).find((one) => hasRate(target, one));
      if (!key) return { reason: 'full', retryAfterMs: BUSY_MS };
      if (state !== before) breakers.set(target.target, state);
      return { key, epoch: state.epoch, isProbe: state.name === 'half-open' };
    },

    end({ target, ...of }, key, epoch, { outcome, cooldownMs, park }) {
      const before = breakerOf(target);
      const state = settleCall(before, limits, { epoch, outcome }, now());
      if (state !== before) breakers.set(target, state);
      const [parked = '', cool = ''] = restsOf({ target, ...of }, key);
      if (cooldownMs) rest(cool, cooldownMs);
      if (park) rest(parked, PARKED_MS);
    },

    learn(target, openMs) {
      const { name, epoch } = breakerOf(target);
      if (openMs !== undefined) {
        breakers.set(target, { name: 'open', epoch: epoch + 1, since: now() + openMs - limits.resetMs });
      } else if (name !== 'closed') breakers.set(target, { name: 'closed', epoch: epoch + 1, failures: 0 });
    },

    list: () =>
      [...breakers].map(([target, state]) => ({
        target,
        state: state.name,
        failures: state.name === 'closed' ? state.failures : limits.failures,
        ...(state.name === 'open' && { until: new Date(state.since + limits.resetMs) }),
      })),
    set: (target, state) => {
      const epoch = breakerOf(target).epoch + 1;
      const open = { name: 'open', epoch, since: now() } as const;
      breakers.set(target, state === 'open' ? open : { name: 'closed', epoch, failures: 0 });
    },
  };
}

/** One of the keys by their weights first, then the others. */
function byWeight(keys: readonly ProviderKey[], random: number): ProviderKey[] {
  const index = drawByWeight(keys, random);
  return [...keys.slice(index), ...keys.slice(0, index)];
}
