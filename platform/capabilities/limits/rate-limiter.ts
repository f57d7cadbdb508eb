import { Ratelimit } from '@upstash/ratelimit';
import type { Redis } from '../redis/index.ts';
import { createLocalBucket, type LocalBucket } from './local-bucket.ts';
import { scriptClient } from './script-client.ts';

export interface RatePolicy {
  /** Also the name in the `RateLimit-Policy` header. */
  name: string;
  /** Requests a second. */
  rate: number;
  /** Requests at once. */
  burst: number;
}

export interface RateDecision {
  allowed: boolean;
  remaining: number;
  /** Whole seconds until the next request is allowed, at least 1. */
  retryAfter: number;
}

export interface RateLimiter {
  check(policy: RatePolicy, key: string): Promise<RateDecision>;
}

/**
 * Token buckets in Redis, shared by all processes. While Redis is away each process falls back to a bucket of its own
 * with a quarter of the rate, so that several processes together stay near the limit instead of multiplying it.
 */
export function createRateLimiter(redis: Redis, prefix: string): RateLimiter {
  const client = scriptClient(redis);
  const shared = new Map<string, Ratelimit>();
  const local = new Map<string, LocalBucket>();

  return {
    async check(policy, key) {
      const limiter = memo(shared, policy.name, () => {
        return new Ratelimit({
          redis: client as unknown as ConstructorParameters<typeof Ratelimit>[0]['redis'],
          limiter: Ratelimit.tokenBucket(policy.rate, '1 s', policy.burst),
          prefix: `${prefix}:rate:${policy.name}`,
          // The library's own timeout lets requests pass; the connection's timeout and the fallback below do not.
          timeout: 0,
          analytics: false,
          ephemeralCache: false,
        });
      });
      try {
        const { success, remaining, reset } = await limiter.limit(key);
        return decision(success, remaining, reset);
      } catch {
        const bucket = memo(local, policy.name, () =>
          createLocalBucket(policy.rate / 4, Math.max(1, policy.burst / 4)),
        );
        const { allowed, remaining, resetAt } = bucket.take(key);
        return decision(allowed, remaining, resetAt);
      }
    },
  };
}

const decision = (allowed: boolean, remaining: number, resetAt: number): RateDecision => ({
  allowed,
  remaining,
  retryAfter: Math.max(1, Math.ceil((resetAt - Date.now()) / 1000)),
});

function memo<T>(map: Map<string, T>, key: string, make: () => T): T {
  const existing = map.get(key);
  if (existing !== undefined) return existing;
  const made = make();
  map.set(key, made);
  return made;
}
