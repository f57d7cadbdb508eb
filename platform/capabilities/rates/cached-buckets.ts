import type { Redis } from '../redis.ts';
import { redisScript } from '../redis-script.ts';
import type { Counted, RateDecision } from './rate-policy.ts';

/**
 * A bucket is the time at which it will be full again: each request moves that time on by one interval, and none is admitted that would
 * move it further than a whole burst from now. So it needs one number, and is forgotten when it is full (GCRA, as in ITU-T I.371).
 */
const take = `
  local now = tonumber(ARGV[1])
  local full, late = {}, {}
  local allowed = true
  for i, key in ipairs(KEYS) do
    local interval, burst = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
    full[i] = math.max(now, tonumber(redis.call('HMGET', key, 'full')[1] or now)) + interval
    late[i] = full[i] - now - interval * burst
    allowed = allowed and late[i] <= 0.0005
  end
  local decisions = {}
  for i, key in ipairs(KEYS) do
    local interval, burst = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
    if allowed then
      redis.call('HSET', key, 'full', string.format('%.3f', full[i]))
      redis.call('PEXPIRE', key, math.ceil(full[i] - now))
    end
    -- A request that is refused leaves its place to the next one.
    table.insert(decisions, late[i] <= 0.0005 and 1 or 0)
    table.insert(decisions, math.max(0, math.floor(0.001 - late[i] / interval) + (allowed and 0 or 1)))
    table.insert(decisions, math.ceil(math.max(0, late[i] + (allowed and interval or 0))))
  end
  return decisions`;

/** Token buckets in Redis, all of a request in one script. The connection's own limit on commands ends the wait for a Redis that hangs. @param clock milliseconds */
export function createCachedBuckets(redis: Redis, prefix: string, clock: () => number = Date.now) {
  const run = redisScript(redis, take);
  return async (counted: readonly Counted[]): Promise<RateDecision[]> => {
    const now = clock();
    const keys = counted.map(({ policy, key }) => `${prefix}:rate:${policy.name}:${key}`);
    const limits = counted.flatMap(({ policy: { rate, burst } }) => [1_000 / rate, burst]);
    const figures = (await run(keys, [now, ...limits])) as number[];
    return counted.map((_, index) => {
      const [isIn, remaining, waitMs] = figures.slice(3 * index, 3 * index + 3) as [number, number, number];
      return { allowed: isIn === 1, remaining, resetAt: now + waitMs };
    });
  };
}
