/** Milliseconds before the n-th start after crashes in a row: at once, then 0.2 s doubled up to 30 s. */
export const crashBackoff = (crashes: number): number =>
  crashes <= 1 ? 0 : Math.min(200 * 2 ** (crashes - 2), 30_000);

/** A process that served this long was healthy; its end starts a new count. */
const STABLE_MS = 60_000;
/** One that served this long makes up for an earlier crash: parts that are killed now and then do not wait as those that cannot run. */
const MAKES_UP_MS = 10_000;

/** Which of the crashes in a row still count at the end of a process that served for so long. */
export const crashesLeft = (crashes: number, servedMs: number): number =>
  servedMs > STABLE_MS ? 0 : Math.max(0, crashes - Math.floor(Math.max(0, servedMs) / MAKES_UP_MS));

const PATIENCE_MS = 2_000;

/** Whether the next start is put off for so long that no one should wait for it. */
export const isBackingOff = (waitMs: number): boolean => waitMs > PATIENCE_MS;
