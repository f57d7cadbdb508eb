import { createHash } from 'node:crypto';
import type { Redis } from '../redis.ts';

/**
 * The part of a Redis client that `@upstash/ratelimit` uses, over ioredis. Calls of one script in one turn of the event loop travel as one
 * command: with two buckets a request and several requests a turn, that is a fraction of the commands and of what sends them.
 *
 * Its scripts open with a `#!lua` line whose flag only the vendor's own service knows; plain Redis rejects it, so the line is cut.
 */
export function scriptClient(redis: Redis) {
  const scripts = new Map<string, CallScript>();
  return {
    async evalsha<Result>(sha: string, keys: string[], args: unknown[]): Promise<Result> {
      const call = scripts.get(sha);
      if (!call) throw new Error('NOSCRIPT');
      return (await call({ keys, values: args.map(String) })) as Result;
    },
    async eval<Result>(script: string, keys: string[], args: unknown[]): Promise<Result> {
      const sha = sha1(script);
      const call = scripts.get(sha) ?? joinCalls(redis, script);
      scripts.set(sha, call);
      return (await call({ keys, values: args.map(String), isNew: true })) as Result;
    },
    get: async () => null,
    set: async () => null,
  };
}

interface Call {
  keys: readonly string[];
  values: readonly string[];
  /** Redis may not know the script, and keeps it from then on. */
  isNew?: boolean;
}
type CallScript = (call: Call) => Promise<unknown>;
type Waiting = Call & { resolve(answer: unknown): void; reject(error: unknown): void };

/** Redis does nothing else while a command runs. */
const MOST_CALLS = 64;

/** Runs a script once for each call with the keys and values of that call, whose numbers stand before its values. */
const joined = (script: string) => `local function run(KEYS, ARGV)
${script}
end
local answers, key, value = {}, 0, 0
while value < #ARGV do
  local keys, values = {}, {}
  for each = 1, tonumber(ARGV[value + 1]) do keys[each] = KEYS[key + each] end
  for each = 1, tonumber(ARGV[value + 2]) do values[each] = ARGV[value + 2 + each] end
  answers[#answers + 1] = run(keys, values) or false
  key, value = key + #keys, value + 2 + #values
end
return answers`;

function joinCalls(redis: Redis, script: string): CallScript {
  const text = joined(script.replace(/^#!lua[^\n]*\n/, ''));
  const digest = sha1(text);
  let waiting: Waiting[] = [];
  const send = () => {
    const calls = waiting;
    waiting = [];
    if (calls.length === 0) return; // there were too many for one, and they have gone
    const keys = calls.flatMap((call) => call.keys);
    const values = calls.flatMap((call) => [String(call.keys.length), String(call.values.length), ...call.values]);
    const isNew = calls.some((call) => call.isNew);
    const answer = isNew
      ? redis.eval(text, keys.length, ...keys, ...values)
      : redis.evalsha(digest, keys.length, ...keys, ...values);
    answer.then(
      (answers) => {
        for (const [index, { resolve }] of calls.entries()) resolve((answers as unknown[])[index]);
      },
      (error) => {
        for (const { reject } of calls) reject(error);
      },
    );
  };
  return (call) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(send);
      waiting.push({ ...call, resolve, reject });
      if (waiting.length === MOST_CALLS) send();
    });
}

const sha1 = (text: string) => createHash('sha1').update(text).digest('hex');
