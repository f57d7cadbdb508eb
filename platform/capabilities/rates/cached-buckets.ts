import { Ratelimit } from '@upstash/ratelimit';
import type { Redis } from '../redis.ts';
import type { Counted, RateDecision, RatePolicy } from './rate-policy.ts';
import { scriptClient } from './script-client.ts';

type Bucket = ReturnType<ReturnType<typeof Ratelimit.tokenBucket>>;

/**
 * Token buckets in Redis. All buckets of a request take one command, which may be that of other requests too; where one refuses, the others
 * get theirs back. The connection's own limit on how long a command takes ends the wait for a Redis that hangs.
 */
export function createCachedBuckets(redis: Redis, prefix: string) {
  const context = { redis: scriptClient(redis) } as unknown as Parameters<Bucket['limit']>[0];
  const buckets = new Map<string, Bucket>();
  const bucketOf = (policy: RatePolicy): Bucket => {
    const known = buckets.get(policy.name);
    if (known) return known;
    const { tokens, ms } = stepsOf(policy.rate);
    // The algorithm alone: what the library puts around it are lists of addresses, statistics and a timeout that lets requests pass.
    const made = Ratelimit.tokenBucket(tokens, `${ms} ms`, policy.burst)();
    buckets.set(policy.name, made);
    return made;
  };
  const take = async ({ policy, key }: Counted, amount?: number): Promise<RateDecision> => {
    const place = `${prefix}:rate:${policy.name}:${key}`;
    const { success, remaining, reset } = await bucketOf(policy).limit(context, place, amount);
    return { allowed: success, remaining, resetAt: reset };
  };

  return async (counted: readonly Counted[]): Promise<RateDecision[]> => {
    const decisions = await Promise.all(counted.map((each) => take(each)));
    if (decisions.every(({ allowed }) => allowed)) return decisions;
    await Promise.all(counted.filter((_, index) => decisions[index]?.allowed).map((each) => take(each, -1)));
    return decisions;
  };
}

/** Whole tokens in equal steps of whole milliseconds, for a rate a second that is never exceeded. */
export function stepsOf(rate: number): { tokens: number; ms: number } {
  const tokens = Math.max(1, Math.floor(rate / 10));
  return { tokens, ms: Math.ceil((1000 * tokens) / rate) };
}
