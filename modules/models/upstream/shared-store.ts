import type { Redis } from '../../../platform/capabilities/redis.ts';
import { redisScript } from '../../../platform/capabilities/redis-script.ts';
import type { ProviderKey } from '../providers/adapter.ts';
import type { BreakerLimits } from './circuit-breaker.ts';
import { createLeases, type Leases, type LeaseTimes } from './leases.ts';
import { keyName, PARKED_MS } from './local-state.ts';
import { beginScript, endScript, listScript, setScript } from './shared-scripts.ts';
import type { StateTarget, TurnEnd, TurnRefusal, UpstreamState } from './upstream-state.ts';

export interface SharedStateOptions {
  redis: Redis;
  /** Of every key, `CACHE_PREFIX`. */
  prefix: string;
  /** Read at each use: it may change. */
  breaker: Readonly<BreakerLimits>;
  leases?: LeaseTimes;
}

/** A turn that was given out by Redis. */
export interface SharedTurn {
  key: ProviderKey;
  lease: string;
  isProbe: boolean;
  epoch: number;
  /** In a row, before it. */
  failures: number;
}

/** An epoch that no breaker has, for a call that Redis did not admit. */
export const UNKNOWN_EPOCH = -1;

/** Upstreams as all processes know them, each decision one call of Redis. */
export interface SharedStore {
  /** @returns undefined without Redis @param restMs how long a key rests, as far as it is known here */
  begin(target: StateTarget, restMs: (key: ProviderKey) => number): Promise<SharedTurn | TurnRefusal | undefined>;
  /** Does not wait for it. */
  end(target: StateTarget, turn: Pick<SharedTurn, 'key' | 'lease' | 'epoch'>, how: TurnEnd): void;
  /** Keeps the slot of a turn, if its key has any, until the turn ends. */
  hold(target: StateTarget, turn: Pick<SharedTurn, 'key' | 'lease'>): void;
  /** @throws without Redis */
  list: UpstreamState['list'];
  /** @throws without Redis */
  set: UpstreamState['set'];
  close(): void;
}

type BeginReply = ['turn', number, number, 0 | 1, number] | ['open' | 'resting' | 'full', number];
type Listed = [target: string, name: 'closed' | 'open' | 'half-open' | 'held', failures: number, since: string];

export function createSharedStore({ redis, prefix, breaker, leases: times }: SharedStateOptions): SharedStore {
  const leases = createLeases(redis, times);
  const names = namesBelow(`${prefix}:gateway`);
  /** What is asked of targets in this turn of the event loop. */
  const asked = new Map<string, ReturnType<SharedStore['begin']>>();
  const [list, set] = [redisScript(redis, listScript), redisScript(redis, setScript)];
  const ask = createAsk(redis, names, leases, breaker);
  const end = createEnd(redis, names, leases, breaker);

  const beginAlone: SharedStore['begin'] = async (target, restMs) => {
    const taken = await leases.take(
      (lease) => ask(target, lease, restMs),
      (lease) => {
        for (const key of target.keys) end(target, { key, lease, epoch: UNKNOWN_EPOCH }, { outcome: 'abandoned' });
      },
    );
    if (!taken) return undefined;
    const { lease, answer } = taken;
    if (answer[0] !== 'turn') return { reason: answer[0], retryAfterMs: answer[1] };
    const [, number, epoch, isProbe, failures] = answer;
    return { key: target.keys[number - 1] as ProviderKey, lease, epoch, isProbe: isProbe === 1, failures };
  };

  return {
    async begin(target, restMs) {
      const key = onlyKey(target);
      if (!key) return beginAlone(target, restMs);
      const name = JSON.stringify([target.target, target.provider, key.id]);
      const others = asked.get(name);
      if (!others) {
        if (asked.size === 0) setImmediate(() => asked.clear());
        const begun = beginAlone(target, restMs);
        asked.set(name, begun);
        return begun;
      }
      const turn = await others;
      // The probe is the first one's; without Redis, or a refusal, all are told the same.
      if (turn === undefined || 'reason' in turn) return turn;
      return turn.isProbe ? beginAlone(target, restMs) : { ...turn, key, lease: crypto.randomUUID() };
    },
    end,
    hold(target, { key, lease }) {
      if (key.concurrency !== undefined) leases.hold(names.slots(target, key), lease);
    },
    async list() {
      const found = (await list([names.breakers], [names.breaker('')])) as Listed[];
      return found.map(([target, name, failures, since]) => ({
        target,
        state: name === 'held' ? ('open' as const) : name,
        failures,
        ...(name === 'open' && { until: new Date(Number(since) + breaker.resetMs) }),
      }));
    },
    async set(target, state) {
      await set([names.breaker(target), names.breakers], [target, state === 'open' ? 'held' : 'closed']);
    },
    close: () => leases.close(),
  };
}

/**
 * The key of calls that may be admitted together: a reservation lets many begin at the same moment. One that is counted, or one of several,
 * is given to each apart.
 */
function onlyKey({ keys }: StateTarget): ProviderKey | undefined {
  const [key] = keys;
  const isCounted = keys.length > 1 || key?.concurrency !== undefined || key?.rpm !== undefined;
  return isCounted ? undefined : key;
}

type Names = ReturnType<typeof namesBelow>;

const namesBelow = (start: string) => ({
  /** The targets that have one. */
  breakers: `${start}:breakers`,
  breaker: (target: string) => `${start}:breaker:${target}`,
  key: (target: StateTarget, key: ProviderKey) => `${start}:key:${keyName(target, key)}`,
  slots: (target: StateTarget, key: ProviderKey) => `${start}:slots:${keyName(target, key)}`,
});

function createAsk(redis: Redis, names: Names, leases: Leases, breaker: BreakerLimits) {
  const begin = redisScript(redis, beginScript);
  return async (target: StateTarget, lease: string, restMs: (key: ProviderKey) => number) => {
    const keys = target.keys.flatMap((key) => [names.key(target, key), names.slots(target, key)]);
    const values = target.keys.flatMap((key) => [
      ...[key.weight, key.concurrency ?? 0, key.rpm ?? 0, restMs(key)],
      leases.anyOf(names.slots(target, key)),
    ]);
    const reply = await begin(
      [names.breaker(target.target), ...keys],
      [target.target, lease, leases.leaseMs, breaker.resetMs, Math.random(), ...values],
    );
    return (reply ?? undefined) as BeginReply | undefined;
  };
}

function createEnd(redis: Redis, names: Names, leases: Leases, breaker: BreakerLimits): SharedStore['end'] {
  const end = redisScript(redis, endScript);
  return (target, { key, lease, epoch }, { outcome, cooldownMs = 0, park }) => {
    const slots = names.slots(target, key);
    leases.drop(slots, lease);
    end(
      [names.breaker(target.target), names.key(target, key), slots, names.breakers],
      [
        ...[target.target, lease, outcome, epoch, breaker.failures, breaker.resetMs],
        ...[Math.ceil(cooldownMs), park ? PARKED_MS : 0],
      ],
    ).catch(() => {}); // its lease runs out
  };
}
