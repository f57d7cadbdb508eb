import { Ratelimit } from '@upstash/ratelimit';
import type { Redis } from '../redis.ts';
import { createLocalBucket, type LocalBucket } from './local-bucket.ts';
import { createPause } from './pause.ts';
import type { RateDecision, RatePolicy } from './rate-policy.ts';
import { scriptClient } from './script-client.ts';
import { createStoredBuckets, type StatementDatabase } from './stored-buckets.ts';

export interface RateLimiter {
  /** One request of `key`, such as an address. Answers within 100 ms, whatever is unavailable. */
  check(policy: RatePolicy, key: string): Promise<RateDecision>;
}

/** Between two looks at what did not answer; those who come in the meantime do without it at once. */
const PAUSE_MS = 1_000;

/**
 * Token buckets that all processes share, in Redis; while that is unavailable in PostgreSQL; and while both are, each process
 * has a bucket of its own with a quarter of the rate, so that several together stay near the limit instead of
 * multiplying it.
 *
 * Anyone who sends one process alone more than the limit is refused by a bucket in its memory. That one is never emptier
 * than the shared bucket: both fill alike, and what the shared one refuses is put back. So it refuses nothing that
 * the shared one would admit.
 */
export function createRateLimiter({
  redis,
  prefix,
  database,
  databaseMs = 40,
}: {
  redis: Redis;
  prefix: string;
  /** Without one, each process is by itself as soon as Redis is unavailable. */
  database?: StatementDatabase | undefined;
  /** The longest that a request waits for it: a lost server is noticed after seconds. */
  databaseMs?: number;
}): RateLimiter {
  const cached = createCachedBuckets(redis, prefix);
  const sources = [cached, ...(database ? [createStoredBuckets(database, databaseMs)] : [])].map((take) => ({
    take,
    pause: createPause(PAUSE_MS),
  }));
  const shields = new Map<string, LocalBucket>();
  const quarters = new Map<string, LocalBucket>();

  return {
    async check(policy, key) {
      const { rate, burst } = policy;
      const shield = memo(shields, policy.name, () => createLocalBucket(rate, burst));
      const first = shield.take(key);
      if (!first.allowed) return first;
      for (const { take, pause } of sources) {
        if (!pause.isOver()) continue;
        try {
          const decision = await take(policy, key);
          pause.end();
          if (!decision.allowed) shield.putBack(key);
          return decision;
        } catch {
          pause.begin();
        }
      }
      const quarter = memo(quarters, policy.name, () => createLocalBucket(rate / 4, Math.max(1, burst / 4)));
      const last = quarter.take(key);
      if (!last.allowed) shield.putBack(key);
      return last;
    },
  };
}

/** The connection's own limit on how long a command takes ends the wait for a Redis that hangs. */
function createCachedBuckets(redis: Redis, prefix: string) {
  const client = scriptClient(redis) as unknown as ConstructorParameters<typeof Ratelimit>[0]['redis'];
  const limiters = new Map<string, Ratelimit>();
  return async (policy: RatePolicy, key: string): Promise<RateDecision> => {
    const limiter = memo(limiters, policy.name, () => {
      const { tokens, ms } = stepsOf(policy.rate);
      return new Ratelimit({
        redis: client,
        limiter: Ratelimit.tokenBucket(tokens, `${ms} ms`, policy.burst),
        prefix: `${prefix}:rate:${policy.name}`,
        // The library's own timeout lets requests pass.
        timeout: 0,
        analytics: false,
        ephemeralCache: false,
      });
    });
    const { success, remaining, reset } = await limiter.limit(key);
    return { allowed: success, remaining, resetAt: reset };
  };
}

/** Whole tokens in equal steps of whole milliseconds, for a rate a second that is never exceeded. */
export function stepsOf(rate: number): { tokens: number; ms: number } {
  const tokens = Math.max(1, Math.floor(rate / 10));
  return { tokens, ms: Math.ceil((1000 * tokens) / rate) };
}

function memo<T>(map: Map<string, T>, key: string, make: () => T): T {
  const existing = map.get(key);
  if (existing !== undefined) return existing;
  const made = make();
  map.set(key, made);
  return made;
}
