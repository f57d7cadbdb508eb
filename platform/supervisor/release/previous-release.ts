import type { HistoryEntry } from '../home/journal.ts';

/** The release that ran before the present one and was not given up. */
export const previousRelease = (history: readonly HistoryEntry[], current: string | undefined): string | undefined =>
  history.findLast((entry) => entry.release !== current && entry.restored === undefined)?.release;
