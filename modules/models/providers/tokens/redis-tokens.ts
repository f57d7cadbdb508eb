import type { Redis } from '../../../../platform/capabilities/redis.ts';
import { deleteIfEqual, takeRedisLock } from '../../../../platform/capabilities/redis-lock.ts';
import { openToken, sealToken } from './seal-token.ts';
import { createLocalTokens, type TokenStore } from './token-store.ts';

/**
 * Tokens of all processes. They are encrypted by the key that they were exchanged for, so that what reads Redis cannot call the provider.
 * While Redis cannot be reached each process has tokens of its own.
 * @param prefix of all keys; they are below `<prefix>:gateway:`
 */
export function createRedisTokens(redis: Redis, prefix: string): TokenStore {
  const local = createLocalTokens();
  const keyOf = (name: string) => `${prefix}:gateway:token:${name}`;
  const lockOf = (name: string) => `${prefix}:gateway:token-lock:${name}`;
  return {
    async get(key) {
      const own = await local.get(key);
      try {
        const sealed = await redis.get(keyOf(key.name));
        return (sealed === null ? undefined : openToken(sealed, key)) ?? own;
      } catch {
        return own;
      }
    },
    async put(key, token) {
      await local.put(key, token);
      const lifeMs = Math.floor(token.expiresAt - Date.now());
      if (lifeMs <= 0) return;
      await redis.set(keyOf(key.name), sealToken(token, key), 'PX', lifeMs).catch(() => {});
    },
    async remove(key, value) {
      await local.remove(key, value);
      try {
        const sealed = await redis.get(keyOf(key.name));
        const isSame = sealed !== null && openToken(sealed, key)?.value === value;
        if (isSame) await deleteIfEqual(redis, keyOf(key.name), sealed);
      } catch {
        // What Redis still holds expires by itself.
      }
    },
    async lock(key, ms) {
      try {
        return await takeRedisLock(redis, lockOf(key.name), ms);
      } catch {
        return local.lock(key, ms);
      }
    },
  };
}
