import { setTimeout as sleep } from 'node:timers/promises';
import { isDatabaseAway } from '../../db/is-away.ts';
import type { Log } from '../kernel/log.ts';

/**
 * A little less than the supervisor gives a process to become ready, so that one that waited in vain ends with the reason
 * in its log instead of being ended without one.
 */
const PATIENCE_MS = 25_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_000;

/**
 * Waits for a database that is unavailable. A process that ended instead would be started again after an ever longer pause, up to
 * half a minute after the database is back.
 * @param ask a query
 * @throws what it still fails with when the time is over, or at once when it fails with something else
 */
export async function untilReachable(
  ask: () => Promise<unknown>,
  log: Log,
  patienceMs: number = PATIENCE_MS,
): Promise<void> {
  const over = performance.now() + patienceMs;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    try {
      await ask();
      return;
    } catch (error) {
      if (!isDatabaseAway(error) || performance.now() + pause > over) throw error;
      if (pause === FIRST_PAUSE_MS) log.warn({ error }, 'Database: not reachable; waiting for it');
      await sleep(pause);
    }
  }
}
