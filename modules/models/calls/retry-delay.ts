const FIRST_MS = 2_000;
const LONGEST_MS = 3_600_000;

/**
 * Milliseconds until something is tried again that failed so many times: 2 s, doubled each time up to an hour, of which a random half
 * is left out so that what failed together does not come back together.
 */
export function retryDelayMs(failures: number, random = Math.random()): number {
  const full = Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS);
  return Math.round(full / 2 + (full / 2) * random);
}
