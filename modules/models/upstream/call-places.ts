import type { Redis } from '../../../platform/capabilities/redis.ts';
import { redisScript } from '../../../platform/capabilities/redis-script.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { rateLimited } from '../../../platform/kernel/problems.ts';
import { tooManyCallsAtOnce } from '../problems.ts';
import { createLeases, type Leases, type LeaseTimes } from './leases.ts';
import { createQuarterRates, quarterOf } from './quarter.ts';
import { BUSY_MS, clock, takeRate } from './shared-scripts.ts';
import type { CallerLimits, CallPlaces } from './upstream-state.ts';

const MINUTE_MS = 60_000;

interface CallPlacesOptions {
  redis: Redis;
  /** Of every key, `CACHE_PREFIX`. */
  prefix: string;
  /** Calls of all callers at the same time, asked at each use, as it may change. */
  concurrent: () => number;
  leases?: LeaseTimes;
}

type Decision =
  | { name: 'place'; remaining: number; resetMs: number }
  | { name: 'rate'; waitMs: number; resetMs: number }
  | { name: 'full'; limit: number };

/** Places of callers in Redis, one call for each; while it is unavailable each process lets a quarter of the limits through, at least one. */
export function createCallPlaces(options: CallPlacesOptions): CallPlaces & { close(): void } {
  const leases = createLeases(options.redis, options.leases);
  const shared = openShared(options, leases);
  const local = openLocal(options);

  return {
    async take(limits) {
      const taken = await leases.take(
        (lease) => shared.take(limits, lease),
        (lease) => {
          shared.release(limits, lease);
          // Before it is asked again: the lease may hold the last place.
          shared.flush();
        },
      );
      const lease = taken?.lease ?? crypto.randomUUID();
      const decision = taken?.answer ?? local.decide(limits);
      if (decision.name !== 'place') throw refusal(decision);
      for (const set of shared.setsOf(limits)) leases.hold(set, lease);
      const leave = local.enter(limits);
      let left = false;
      return {
        requests: limits.rpm === undefined ? undefined : { limit: limits.rpm, ...readRate(decision) },
        release() {
          if (left) return;
          left = true;
          leave();
          shared.release(limits, lease);
        },
      };
    },
    close() {
      shared.flush();
      leases.close();
    },
  };
}

const readRate = ({ remaining, resetMs }: Decision & { name: 'place' }) => ({ remaining, resetMs });

function refusal(decision: Exclude<Decision, { name: 'place' }>): Problem {
  if (decision.name === 'full') {
    const headers = { 'retry-after': String(BUSY_MS / 1000) };
    return new Problem(tooManyCallsAtOnce, { parameters: { limit: decision.limit }, headers });
  }
  const seconds = Math.max(1, Math.ceil(decision.waitMs / 1000));
  const resetAt = new Date(Date.now() + decision.resetMs).toISOString();
  return new Problem(rateLimited, {
    parameters: { seconds, policy: 'key', resetAt },
    headers: { 'retry-after': String(seconds) },
  });
}

/**
 * Keys: all calls, those of the caller, its rate. Values: lease, ms of a lease, calls of all, calls of the caller and its calls a minute (0
 * for any), and a lease of the calling process among all calls and among those of the caller.
 */
const takeScript = `${clock}${takeRate}
local lease, leaseMs = ARGV[1], tonumber(ARGV[2])
local rpm, tat = tonumber(ARGV[5]), false
if rpm > 0 then
  tat = redis.call('get', KEYS[3])
  local wait = rateWait(tat, rpm)
  if wait > 0 then return { 'rate', math.ceil(wait), math.ceil(tat - now) } end
end
for index = 1, 2 do
  local limit, mine = tonumber(ARGV[2 + index]), ARGV[5 + index]
  if limit > 0 then
    redis.call('zremrangebyscore', KEYS[index], '-inf', text(now))
    if mine ~= '' and not redis.call('zscore', KEYS[index], mine) then return nil end
    if redis.call('zcard', KEYS[index]) >= limit then return { 'full', limit } end
  end
end
for index = 1, 2 do
  if tonumber(ARGV[2 + index]) > 0 then
    redis.call('zadd', KEYS[index], text(now + leaseMs), lease)
    redis.call('pexpire', KEYS[index], leaseMs)
  end
end
if rpm == 0 then return { 'place', 0, 0 } end
tat = rateTaken(tat, rpm)
redis.call('set', KEYS[3], string.format('%.3f', tat), 'px', math.ceil(tat - now))
return { 'place', math.floor((MINUTE - tat + now) * rpm / MINUTE + 0.01), math.ceil(tat - now) }`;

function openShared({ redis, prefix, concurrent }: CallPlacesOptions, leases: Leases) {
  const script = redisScript(redis, takeScript);
  const name = (...parts: string[]) => [prefix, 'gateway', ...parts].join(':');
  const all = name('calls');
  const setOf = (caller: string) => name('calls', caller);
  const setsOf = ({ caller, concurrency }: CallerLimits) => (concurrency === undefined ? [all] : [all, setOf(caller)]);
  /** Leases that ended in this turn of the event loop, by their set: they leave it together. */
  const ended = new Map<string, string[]>();
  const flush = () => {
    for (const [set, ids] of ended) redis.zrem(set, ...ids).catch(() => {}); // they run out
    ended.clear();
  };
  return {
    setsOf,
    flush,
    async take({ caller, concurrency = 0, rpm = 0 }: CallerLimits, lease: string): Promise<Decision | undefined> {
      const sets = [all, setOf(caller)];
      const reply = (await script(
        [...sets, name('rpm', caller)],
        [lease, leases.leaseMs, concurrent(), concurrency, rpm, ...sets.map((set) => leases.anyOf(set))],
      )) as ['place' | 'rate', number, number] | ['full', number] | null;
      if (!reply) return undefined;
      if (reply[0] === 'full') return { name: 'full', limit: reply[1] };
      const [outcome, first, resetMs] = reply;
      if (outcome === 'rate') return { name: 'rate', waitMs: first, resetMs };
      return { name: 'place', remaining: first, resetMs };
    },
    release(limits: CallerLimits, lease: string): void {
      if (ended.size === 0) setImmediate(flush);
      for (const set of setsOf(limits)) {
        leases.drop(set, lease);
        const others = ended.get(set);
        if (others) others.push(lease);
        else ended.set(set, [lease]);
      }
    },
  };
}

/** The calls of this process. */
function openLocal({ concurrent }: CallPlacesOptions) {
  const callers = new Map<string, number>();
  const takeQuarter = createQuarterRates();
  let calls = 0;
  return {
    decide({ caller, concurrency, rpm }: CallerLimits): Decision {
      const limit = concurrent();
      if (calls >= quarterOf(limit)) return { name: 'full', limit };
      if (concurrency !== undefined && (callers.get(caller) ?? 0) >= quarterOf(concurrency)) {
        return { name: 'full', limit: concurrency };
      }
      if (rpm === undefined) return { name: 'place', remaining: 0, resetMs: 0 };
      const { allowed, remaining, resetAt } = takeQuarter(caller, rpm);
      const waitMs = Math.max(0, resetAt - Date.now());
      if (!allowed) return { name: 'rate', waitMs, resetMs: MINUTE_MS };
      return { name: 'place', remaining, resetMs: MINUTE_MS };
    },
    /** Counts a call of either kind. @returns what ends it */
    enter({ caller }: CallerLimits): () => void {
      calls += 1;
      callers.set(caller, (callers.get(caller) ?? 0) + 1);
      return () => {
        calls -= 1;
        const left = (callers.get(caller) ?? 1) - 1;
        if (left > 0) callers.set(caller, left);
        else callers.delete(caller);
      };
    },
  };
}
