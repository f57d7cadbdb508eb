import { createHash } from 'node:crypto';
import type { Redis } from '../redis.ts';

/**
 * The part of a Redis client that `@upstash/ratelimit` uses, over ioredis. Its scripts open with a `#!lua` line whose
 * flag only the vendor's own service knows; plain Redis rejects it, so the line is cut and the script gets a digest
 * of its own.
 */
export function scriptClient(redis: Redis) {
  const digests = new Map<string, string>();
  return {
    async evalsha<Result>(sha: string, keys: string[], args: unknown[]): Promise<Result> {
      const own = digests.get(sha);
      if (own === undefined) throw new Error('NOSCRIPT');
      return (await redis.evalsha(own, keys.length, ...keys, ...args.map(String))) as Result;
    },
    async eval<Result>(script: string, keys: string[], args: unknown[]): Promise<Result> {
      const plain = script.replace(/^#!lua[^\n]*\n/, '');
      digests.set(sha1(script), sha1(plain));
      return (await redis.eval(plain, keys.length, ...keys, ...args.map(String))) as Result;
    },
    get: async () => null,
    set: async () => null,
  };
}

const sha1 = (text: string) => createHash('sha1').update(text).digest('hex');
