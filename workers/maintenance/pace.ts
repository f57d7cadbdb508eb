/** Says when something is due again. */
export interface Pace {
  /**
   * True at the first call, and then at the first one after each interval.
   * @param now milliseconds of a clock that is never set, as the host's time of day is
   */
  isDue(now?: number): boolean;
}

export function createPace(intervalMs: number): Pace {
  let last = Number.NEGATIVE_INFINITY;
  return {
    isDue(now = performance.now()) {
      if (now - last < intervalMs) return false;
      last = now;
      return true;
    },
  };
}
