import type { Redis } from '../redis/index.ts';

export interface Cache {
  /** `undefined` when there is no entry, it cannot be read, or Redis is away. */
  get<T>(key: string): Promise<T | undefined>;
  /** Best effort; a failed write only costs a later hit. */
  set(key: string, value: unknown, seconds: number): Promise<void>;
}

/** JSON values in Redis under a prefix. Nothing may depend on an entry being there. */
export function createCache(redis: Redis, prefix: string): Cache {
  return {
    async get<T>(key: string) {
      try {
        const text = await redis.get(`${prefix}:cache:${key}`);
        return text === null ? undefined : (JSON.parse(text) as T);
      } catch {
        return undefined;
      }
    },
    async set(key, value, seconds) {
      await redis.set(`${prefix}:cache:${key}`, JSON.stringify(value), 'EX', seconds).catch(() => {});
    },
  };
}
