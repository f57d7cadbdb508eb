import { isAlive, waitUntil } from '../services/processes.ts';
import type { Status, StopEvent } from '../supervisor/control/contract.ts';
import { lockHome } from '../supervisor/home/home-lock.ts';
import { endLeftovers } from '../supervisor/home/leftovers.ts';
import { askIfRunning, currentHome, follow } from './control-client.ts';

/** Requests and jobs under way may finish first. */
const SUPERVISOR_SECONDS = 180;

/**
 * Ends the platform of this home with everything that belongs to it.
 * @returns `stopped` when one ran, `cleaned-up` when only processes of a killed one did, `idle` when nothing did
 */
export async function endPlatform(progress: (line: string) => void): Promise<'stopped' | 'cleaned-up' | 'idle'> {
  const status = await askIfRunning<Status>('/status');
  if (!status) return (await cleanUp(progress)) ? 'cleaned-up' : 'idle';
  const ok = await follow<StopEvent>('/stop', {}, ({ message }) => progress(message));
  if (!ok) throw new Error('End platform: not everything ended; try again, or see the log of the supervisor');
  if (await waitUntil(async () => !(await isAlive(status.pid)), SUPERVISOR_SECONDS)) {
    return 'stopped';
  }
  throw new Error(`End platform: the supervisor (process ${status.pid}) is still there after ${SUPERVISOR_SECONDS} s`);
}

/** True when something was left. The lock keeps a platform from starting in the meantime. */
async function cleanUp(progress: (line: string) => void): Promise<boolean> {
  const home = await currentHome();
  const lock = await lockHome(home);
  let found = false;
  try {
    await endLeftovers(home, (line) => {
      found = true;
      progress(line);
    });
  } finally {
    lock.release();
  }
  return found;
}
