import type { Redis } from './redis.ts';

/** Taking a lock twice is no harm. Only its owner may renew or release it. */
const takeOwn = `if redis.call('set', KEYS[1], ARGV[1], 'PX', ARGV[2], 'NX') or redis.call('get', KEYS[1]) == ARGV[1] then return 1 end return 0`;
const renewOwn = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) end return 0`;
const deleteOwn = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0`;

/** A lock over all processes, which runs out by itself. What fails while Redis is unavailable fails no one. */
export interface RedisLock {
  /** Holds it for its whole time again, if it is still the owner's. */
  renew(): Promise<void>;
  release(): Promise<void>;
}

/**
 * @param ms until it runs out
 * @returns undefined while another owner has it
 * @throws what the connection does
 */
export async function takeRedisLock(redis: Redis, name: string, ms: number): Promise<RedisLock | undefined> {
  const owner = crypto.randomUUID();
  const take = () => redis.eval(takeOwn, 1, name, owner, ms);
  // A process that is busy hears of an answer only after its time: that is no sign that Redis is unavailable.
  if ((await take().catch(take)) === 0) return undefined;
  return {
    renew: () => quietly(redis.eval(renewOwn, 1, name, owner, ms)),
    release: () => deleteIfEqual(redis, name, owner),
  };
}

/** Deletes a key that still holds this value. */
export const deleteIfEqual = (redis: Redis, key: string, value: string): Promise<void> =>
  quietly(redis.eval(deleteOwn, 1, key, value));

const quietly = (sent: Promise<unknown>): Promise<void> =>
  sent.then(
    () => {},
    () => {},
  );
