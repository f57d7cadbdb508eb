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

/** Counts the crashes of what is started again each time, and puts the next start off. */
export class CrashBackoff {
  #crashes = 0;
  #waitMs = 0;
  #retry: NodeJS.Timeout | undefined;
  #isOver = false;

  /** Milliseconds that the next start is put off; 0 when it is not. */
  get waitMs(): number {
    return this.#waitMs;
  }

  /** What ended had served for so long. */
  served(ms: number): void {
    this.#crashes = crashesLeft(this.#crashes, ms);
  }

  /** After one more crash: tries again once it is time. */
  putOff(tryAgain: () => void): void {
    this.#waitMs = crashBackoff(++this.#crashes);
    clearTimeout(this.#retry);
    if (!this.#isOver) this.#retry = setTimeout(tryAgain, this.#waitMs);
  }

  /** Everything runs. */
  reset(): void {
    this.#waitMs = 0;
  }

  /** Nothing is tried any more. */
  end(): void {
    this.#isOver = true;
    clearTimeout(this.#retry);
  }
}
