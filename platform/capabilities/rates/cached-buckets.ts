import { Ratelimit } from '@upstash/ratelimit';
import type { Redis } from '../redis.ts';
import type { Counted, RateDecision, RatePolicy } from './rate-policy.ts';
import { scriptClient } from './script-client.ts';

/**
 * Token buckets in Redis. All buckets of a request take one command, which may be that of other requests too; where one refuses, the others
 * get theirs back. The connection's own limit on how long a command takes ends the wait for a Redis that hangs.
 */
export function createCachedBuckets(redis: Redis, prefix: string) {
  const client = scriptClient(redis) as unknown as ConstructorParameters<typeof Ratelimit>[0]['redis'];
  const limiters = new Map<string, Ratelimit>();
  const limiterOf = (policy: RatePolicy): Ratelimit => {
    const known = limiters.get(policy.name);
    if (known) return known;
    const { tokens, ms } = stepsOf(policy.rate);
    const made = new Ratelimit({
      redis: client,
      limiter: Ratelimit.tokenBucket(tokens, `${ms} ms`, policy.burst),
      prefix: `${prefix}:rate:${policy.name}`,
      // The library's own timeout lets requests pass.
      timeout: 0,
      analytics: false,
      ephemeralCache: false,
    });
    limiters.set(policy.name, made);
    return made;
  };
  return async (counted: readonly Counted[]): Promise<RateDecision[]> => {
    const decisions = await Promise.all(
      counted.map(async ({ policy, key }): Promise<RateDecision> => {
        const { success, remaining, reset } = await limiterOf(policy).limit(key);
        return { allowed: success, remaining, resetAt: reset };
      }),
    );
    if (decisions.every(({ allowed }) => allowed)) return decisions;
    await Promise.all(
      counted
        .filter((_, index) => decisions[index]?.allowed)
        .map(({ policy, key }) => limiterOf(policy).limit(key, { rate: -1 })),
    );
    return decisions;
  };
}

/** Whole tokens in equal steps of whole milliseconds, for a rate a second that is never exceeded. */
export function stepsOf(rate: number): { tokens: number; ms: number } {
  const tokens = Math.max(1, Math.floor(rate / 10));
  return { tokens, ms: Math.ceil((1000 * tokens) / rate) };
}
