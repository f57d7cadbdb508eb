import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from '../redis.ts';
import { takeRedisLock } from '../redis-lock.ts';

/** The lock of a process that died is free after this time; a living one renews it. */
const LOCK_MS = 10_000;
const RENEW_MS = 3_000;
/** Between two looks at what another process does. */
const LOOK_MS = 100;

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
    const taken = await takeRedisLock(redis, `${prefix}:flight:${key}`, LOCK_MS).catch(() => 'away' as const);
    if (taken === undefined) return undefined;
    if (taken === 'away') return async () => {};
    // A renewal that fails lets another process begin next to this one; that costs a call and breaks nothing.
    const renewing = setInterval(() => void taken.renew(), RENEW_MS);
    return () => {
      clearInterval(renewing);
      return taken.release();
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
