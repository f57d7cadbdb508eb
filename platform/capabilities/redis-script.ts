import { createHash } from 'node:crypto';
import type { Redis } from './redis.ts';

/** Runs a Lua script that the server keeps from its first use on. @throws what the connection does */
export type RedisScript = (keys: readonly string[], values: readonly (string | number)[]) => Promise<unknown>;

export function redisScript(redis: Redis, source: string): RedisScript {
  const digest = createHash('sha1').update(source).digest('hex');
  return async (keys, values) => {
    try {
      return await redis.evalsha(digest, keys.length, ...keys, ...values);
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return redis.eval(source, keys.length, ...keys, ...values);
    }
  };
}
