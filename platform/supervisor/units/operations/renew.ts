import { StartFailure } from '../../process/instance.ts';
import type { Serving } from '../../serving.ts';

/** What serves of one unit with other settings than those of now: the release, a canary, previews. */
const outdatedSets = ({ sets }: Serving) =>
  sets.flatMap(({ role, set }) => (role !== 'replaced' && set.outdated().length > 0 ? [set] : []));

export const isOutdated = (serving: Serving): boolean => outdatedSets(serving).length > 0;

/**
 * Puts processes with the settings of now in place of those that were started with others, one after the other.
 * @throws StartFailure when one does not start; those that serve go on then
 */
export async function renew(serving: Serving): Promise<void> {
  for (const set of outdatedSets(serving)) {
    const { name } = set.unit;
    for (const instance of set.outdated()) {
      await set.replace(instance).catch((error: unknown) => {
        if (!(error instanceof StartFailure)) throw error;
        const advice = `it still runs with the settings from before: correct them, then pandect restart ${name}`;
        throw new StartFailure(`Apply settings to "${name}": ${error.message}; ${advice}`, error.log);
      });
    }
  }
}
