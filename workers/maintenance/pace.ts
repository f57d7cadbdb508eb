/** Says when something is due again. */
export interface Pace {
  /** True at the first call, and then at the first one after each interval. */
  isDue(now: Date): boolean;
}

export function createPace(intervalMs: number): Pace {
  let last = Number.NEGATIVE_INFINITY;
  return {
    isDue(now) {
      if (now.getTime() - last < intervalMs) return false;
      last = now.getTime();
      return true;
    },
  };
}
