import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from '../redis.ts';

/** The lock of a process that died is free after this time; a living one renews it. */
const LOCK_MS = 10_000;
const RENEW_MS = 3_000;
/** Between two looks at what another process does. */
const LOOK_MS = 100;

/** Taking a lock twice is no harm. Only its owner may renew or release it. */
const takeOwn = `if redis.call('set', KEYS[1], ARGV[1], 'PX', ARGV[2], 'NX') or redis.call('get', KEYS[1]) == ARGV[1] then return 1 end return 0`;
const renewOwn = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) end return 0`;
const releaseOwn = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0`;

export interface SingleFlight {
  /**
   * The first one to come does `work`, whose events are passed on; who comes with the same key in the meantime waits for `find` to
   * have something, or for the turn to do the work itself, when the first one failed or left.
   * @throws the signal's reason once it aborts
   */
  run<E, T, R>(
    key: string,
    options: { find: () => Promise<R | undefined>; work: () => AsyncGenerator<E, T>; signal: AbortSignal },
  ): AsyncGenerator<E, { found: R } | { made: T }>;
}

/** One at a time over all processes; while Redis is unavailable, one in each process. */
export function createSingleFlight(redis: Redis, prefix: string): SingleFlight {
  const flying = new Map<string, Promise<void>>();

  /** A function that gives the lock back; undefined when another process has it. */
  async function lock(key: string): Promise<(() => Promise<unknown>) | undefined> {
    const [name, token] = [`${prefix}:flight:${key}`, crypto.randomUUID()];
    const take = () => redis.eval(takeOwn, 1, name, token, LOCK_MS);
    // A process that is busy hears of an answer only after its time: that is no sign that Redis is unavailable.
    const taken = await take()
      .catch(take)
      .catch(() => 'away');
    if (taken === 0) return undefined;
    if (taken === 'away') return async () => {};
    // A renewal that fails lets another process begin next to this one; that costs a call and breaks nothing.
    const renewing = setInterval(() => void redis.eval(renewOwn, 1, name, token, LOCK_MS).catch(() => {}), RENEW_MS);
    return () => {
      clearInterval(renewing);
      return redis.eval(releaseOwn, 1, name, token).catch(() => {}); // it runs out by itself
    };
  }

  return {
    async *run(key, { find, work, signal }) {
      while (true) {
        signal.throwIfAborted();
        const found = await find();
        if (found !== undefined) return { found };
        const ahead = flying.get(key);
        if (ahead) {
          await untilAborted(ahead, signal);
          continue;
        }
        const landing = Promise.withResolvers<void>();
        flying.set(key, landing.promise);
        try {
          const release = await lock(key);
          if (release) {
            try {
              // It may have been made between the look and the lock.
              const late = await find();
              return late === undefined ? { made: yield* work() } : { found: late };
            } finally {
              await release();
            }
          }
        } finally {
          flying.delete(key);
          landing.resolve();
        }
        await sleep(LOOK_MS, undefined, { signal });
      }
    },
  };
}

/** Waits for a promise that never rejects, but no longer than the signal lets it. */
async function untilAborted(done: Promise<void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return; // it tells no one who comes later
  const aborted = Promise.withResolvers<void>();
  const abort = () => aborted.resolve();
  signal.addEventListener('abort', abort, { once: true });
  await Promise.race([done, aborted.promise]);
  signal.removeEventListener('abort', abort);
}
