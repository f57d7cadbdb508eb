/** Milliseconds before the n-th start after crashes in a row: at once, then 0.2 s doubled up to 30 s. */
export const crashBackoff = (crashes: number): number =>
  crashes <= 1 ? 0 : Math.min(200 * 2 ** (crashes - 2), 30_000);

/** A process that ran this long was healthy; its end starts a new count. */
export const STABLE_MS = 60_000;

const PATIENCE_MS = 2_000;

/** Whether the next start is put off for so long that nobody should wait for it. */
export const isBackingOff = (waitMs: number): boolean => waitMs > PATIENCE_MS;
