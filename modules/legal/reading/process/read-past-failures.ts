import { mostKills } from '../../../../platform/capabilities/disposable/index.ts';
import { ParseFailure, type ParseFailureCode } from '../contract.ts';
import type { GivenUp } from '../reading.ts';
import type { ReadingState } from './follow-parser.ts';
import { ProcessKilled } from './process-end.ts';
import type { ReadingClock } from './reading-clock.ts';

/** Pages of one document that may be left out: each costs a process and its time. */
const mostGivenUp = 10;
const pageFailures: ReadonlySet<ParseFailureCode> = new Set(['too-complex', 'too-slow', 'crashed']);

/**
 * Reads with one process after the other: where one was killed another tries again, and a page that a process did not get over is
 * left out. A document without pages begins again from its start.
 * @returns the first failure as well
 */
export async function readPastFailures<End>(
  read: (givenUp: readonly GivenUp[]) => Promise<End>,
  state: ReadingState,
  clock: Pick<ReadingClock, 'again'>,
  hasPages: boolean,
) {
  const givenUp: GivenUp[] = [];
  const kills = new Map<string, number>();
  let failure: ParseFailure | undefined;
  for (;;) {
    try {
      return { end: await read(givenUp), failure };
    } catch (error) {
      const page = state.pages.length + 1;
      if (error instanceof ProcessKilled) {
        const place = hasPages ? `${page} ${state.isOpen ? state.stage : 'start'}` : '';
        const count = (kills.get(place) ?? 0) + 1;
        kills.set(place, count);
        if (!hasPages) {
          state.pages = [];
          state.recognized = [];
        }
        if (count < mostKills) continue;
      }
      const isOfPage =
        error instanceof ParseFailure &&
        pageFailures.has(error.code) &&
        state.isOpen &&
        page <= state.pagesTotal &&
        !givenUp.some((each) => each.page === page && each.stage === state.stage);
      if (!isOfPage || givenUp.length === mostGivenUp || !clock.again()) throw error;
      failure ??= error;
      givenUp.push({ page, stage: state.stage });
    }
  }
}
