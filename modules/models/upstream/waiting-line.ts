import { setTimeout as sleep } from 'node:timers/promises';

/** Callers of this process who wait for the same thing, in their order: only the first one looks whether it is there. */
export interface WaitingLine {
  readonly isEmpty: boolean;
  /**
   * Looks again and again, once it is first, until there is something or the time is over.
   * @returns what `look` found; undefined when the time was over
   * @throws the signal's reason once it aborts
   */
  wait<T>(look: () => Promise<T | undefined>, times: { waitMs: number; signal: AbortSignal }): Promise<T | undefined>;
  /** Has the first one look at once. */
  wake(): void;
}

/** A call that ends in another process wakes no one here, so the first one looks by itself; not all at the same time. */
const LOOK_MS = { least: 20, most: 60 };

export function createWaitingLine(): WaitingLine {
  const waiting: { call(): void }[] = [];
  return {
    get isEmpty() {
      return waiting.length === 0;
    },
    wake: () => waiting[0]?.call(),
    async wait(look, { waitMs, signal }) {
      const deadline = performance.now() + waitMs;
      const place = { call: () => {} };
      waiting.push(place);
      try {
        while (true) {
          signal.throwIfAborted();
          if (waiting[0] === place) {
            const found = await look();
            if (found !== undefined) return found;
          }
          const left = deadline - performance.now();
          if (left <= 0) return undefined;
          const isFirst = waiting[0] === place;
          const pauseMs = isFirst ? LOOK_MS.least + Math.random() * (LOOK_MS.most - LOOK_MS.least) : left;
          await pause(place, Math.min(left, pauseMs), signal);
        }
      } finally {
        waiting.splice(waiting.indexOf(place), 1);
        waiting[0]?.call();
      }
    },
  };
}

/** Ends early when its place is called, or the signal aborts. */
async function pause(place: { call(): void }, ms: number, signal: AbortSignal): Promise<void> {
  const called = new AbortController();
  place.call = () => called.abort();
  await sleep(ms, undefined, { signal: AbortSignal.any([signal, called.signal]) }).catch(() => {});
  place.call = () => {};
}
