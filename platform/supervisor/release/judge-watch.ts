/** Requests or jobs of a release's processes. */
export interface Counts {
  begun: number;
  failed: number;
}

export interface WatchSample {
  /** What the processes of the new release have done. */
  now: Counts;
  /** What those of the one before had done, as a measure of what failed anyway. */
  before: Counts;
  /** How a process of the new release ended that no one had asked to end. */
  loss?: string | undefined;
  /** The time to watch has passed. */
  over: boolean;
}

const LEAST_FAILED = 5;
const LEAST_SHARE = 0.1;
const TIMES_BEFORE = 2;

/**
 * Whether a release that has just begun to serve may stay. One lost process is enough to restore the one before; errors
 * are when they are more than a few, more than a tenth, and more than twice the share of before: what an upstream
 * that is unavailable makes fail would fail in the release before as well.
 */
export function judgeWatch({ now, before, loss, over }: WatchSample): 'wait' | 'keep' | { restore: string } {
  if (loss !== undefined) return { restore: `a process of the new release ended: ${loss}` };
  const limit = Math.max(LEAST_SHARE, TIMES_BEFORE * shareOf(before));
  if (now.failed >= LEAST_FAILED && shareOf(now) > limit) {
    return { restore: `${inWords(now)} failed, before the switch ${inWords(before)}` };
  }
  return over ? 'keep' : 'wait';
}

const shareOf = ({ begun, failed }: Counts): number => (begun === 0 ? 0 : failed / begun);

const inWords = (counts: Counts): string =>
  `${counts.failed} of ${counts.begun} (${Number((shareOf(counts) * 100).toFixed(1))} %)`;
