import { StartFailure } from '../../process/instance.ts';
import type { ReleaseProcesses } from '../release-processes.ts';
import { byRole, type UnitState } from '../state.ts';

/** What serves of one unit with other settings than those of now: the release, a canary, previews. */
const outdated = (state: UnitState): ReleaseProcesses[] =>
  byRole(state).flatMap(({ role, processes }) =>
    role !== 'replaced' && processes.outdated().length > 0 ? [processes] : [],
  );

export const isOutdated = (state: UnitState): boolean => outdated(state).length > 0;

/**
 * Puts processes with the settings of now in place of those that were started with others, one after the other.
 * @throws StartFailure when one does not start; those that serve go on then
 */
export async function renew(state: UnitState): Promise<void> {
  for (const processes of outdated(state)) {
    const { name } = processes.unit;
    for (const instance of processes.outdated()) {
      await processes.replace(instance).catch((error: unknown) => {
        if (!(error instanceof StartFailure)) throw error;
        const advice = `it still runs with the settings from before: correct them, then pandect restart ${name}`;
        throw new StartFailure(`Apply settings to "${name}": ${error.message}; ${advice}`, error.log);
      });
    }
  }
}
