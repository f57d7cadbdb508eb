import type { Redis } from '../redis.ts';
import { redisScript } from '../redis-script.ts';
import type { Counted, RateDecision } from './rate-policy.ts';

/**
 * Takes one token from each bucket of a request, or none from any of them, for one request after the other. Processes of other hosts may
 * have clocks that are ahead: a bucket never fills for less than no time.
 *
 * KEYS: buckets of all requests. ARGV: the time in milliseconds, and for each request the number of its buckets, with the rate and the
 * burst of each. Answers three integers for each bucket: whether it had a token, tokens left, and when it has the next one.
 */
const TAKE = `
local now = tonumber(ARGV[1])
local answers, key, value = {}, 0, 1
while value < #ARGV do
  local count, buckets, isAdmitted = tonumber(ARGV[value + 1]), {}, true
  for each = 1, count do
    local name = KEYS[key + each]
    local rate, burst = tonumber(ARGV[value + 2 * each]), tonumber(ARGV[value + 2 * each + 1])
    local stored = redis.call('HMGET', name, 'refilledAt', 'tokens')
    local at, tokens = tonumber(stored[1]) or now, tonumber(stored[2]) or burst
    if now > at then at, tokens = now, math.min(burst, tokens + (now - at) / 1000 * rate) end
    isAdmitted = isAdmitted and tokens >= 1
    buckets[each] = { name, rate, burst, at, tokens }
  end
  for each = 1, count do
    local name, rate, burst, at, tokens = unpack(buckets[each])
    local hadOne = tokens >= 1
    if isAdmitted then
      tokens = tokens - 1
      redis.call('HSET', name, 'refilledAt', at, 'tokens', tokens)
      redis.call('PEXPIRE', name, math.ceil(at - now + burst / rate * 1000))
    end
    answers[#answers + 1] = hadOne and 1 or 0
    answers[#answers + 1] = math.floor(tokens)
    answers[#answers + 1] = at + math.ceil(math.max(0, 1 - tokens) / rate * 1000)
  end
  key, value = key + count, value + 1 + 2 * count
end
return answers`;

interface Waiting {
  counted: readonly Counted[];
  resolve(decisions: RateDecision[]): void;
  reject(error: unknown): void;
}

/** Redis does nothing else while a command runs. */
const MOST_REQUESTS = 32;

/**
 * Token buckets in Redis. All requests of one turn of the event loop take one command: that is a fraction of the commands, and of what sends
 * them. The connection's own limit on how long a command takes ends the wait for a Redis that hangs.
 * @param now milliseconds
 */
export function createCachedBuckets(redis: Redis, prefix: string, now: () => number = Date.now) {
  const take = redisScript(redis, TAKE);
  let waiting: Waiting[] = [];
  const send = () => {
    const requests = waiting;
    waiting = [];
    if (requests.length === 0) return; // there were too many for one command, and they have gone
    const keys: string[] = [];
    const values: number[] = [now()];
    for (const { counted } of requests) {
      values.push(counted.length);
      for (const { policy, key } of counted) {
        keys.push(`${prefix}:rate:${policy.name}:${key}`);
        values.push(policy.rate, policy.burst);
      }
    }
    take(keys, values).then(
      (answers) => {
        let first = 0;
        for (const { counted, resolve } of requests) {
          resolve(counted.map((_, each) => decisionAt(answers as number[], 3 * (first + each))));
          first += counted.length;
        }
      },
      (error) => {
        for (const { reject } of requests) reject(error);
      },
    );
  };
  return (counted: readonly Counted[]): Promise<RateDecision[]> =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(send);
      waiting.push({ counted, resolve, reject });
      if (waiting.length === MOST_REQUESTS) send();
    });
}

const decisionAt = (answers: readonly number[], place: number): RateDecision => ({
  allowed: answers[place] === 1,
  remaining: answers[place + 1] as number,
  resetAt: answers[place + 2] as number,
});
