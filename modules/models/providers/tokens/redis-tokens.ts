import { randomUUID } from 'node:crypto';
import type { Redis } from '../../../../platform/capabilities/redis.ts';
import { openToken, sealToken } from './seal-token.ts';
import { createLocalTokens, type TokenStore } from './token-store.ts';

/** Deletes a key that still holds this value. */
const deleteIfEqual = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0`;

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
        if (isSame) await redis.eval(deleteIfEqual, 1, keyOf(key.name), sealed);
      } catch {
        // What Redis still holds expires by itself.
      }
    },
    async lock(key, ms) {
      const owner = randomUUID();
      try {
        const taken = await redis.set(lockOf(key.name), owner, 'PX', ms, 'NX');
        if (taken === null) return undefined;
      } catch {
        return local.lock(key, ms);
      }
      return {
        async release() {
          await redis.eval(deleteIfEqual, 1, lockOf(key.name), owner).catch(() => {});
        },
      };
    },
  };
}
