const FIRST_MS = 2_000;
const LONGEST_MS = 3_600_000;

/**
 * Milliseconds until something is tried again that failed so many times: 2 s, doubled each time up to an hour, of which a random half
 * is left out so that what failed together does not come back together.
 */
export const retryDelayMs = (failures: number): number => spread(Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS));

const LONGEST_FOR_ROOM_MS = 64_000;

/** The same until there may be room for what has waited so long: as long again, up to a minute. */
export const waitAgainMs = (waitedMs: number): number =>
  spread(Math.min(Math.max(waitedMs, FIRST_MS), LONGEST_FOR_ROOM_MS));

const spread = (ms: number): number => Math.round(ms / 2 + (ms / 2) * Math.random());
