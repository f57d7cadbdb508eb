import type { Redis } from '../redis.ts';

export { createSingleFlight, type SingleFlight } from './single-flight.ts';

export interface Cache {
  /** `undefined` when there is no entry, it cannot be read, or Redis is unavailable. */
  get<T>(key: string): Promise<T | undefined>;
  /** Best effort; a failed write only costs a later hit. */
  set(key: string, value: unknown, seconds: number): Promise<void>;
  /** Removes every entry whose key begins so. Rejects while Redis is unavailable, since what must go would stay. */
  removeAll(start: string): Promise<void>;
}

const SCANNED = 1_000;

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
    async removeAll(start) {
      const match = `${prefix}:cache:${start}*`;
      let cursor = '0';
      do {
        const [next, keys] = await redis.scan(cursor, 'MATCH', match, 'COUNT', SCANNED);
        if (keys.length > 0) await redis.unlink(...keys);
        cursor = next;
      } while (cursor !== '0');
    },
  };
}
