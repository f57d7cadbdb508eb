import type { Log } from '../kernel/log.ts';

/** Shows how far a job is. */
export interface JobProgress {
  /** Called as often as wanted. One write runs at a time, at most two a second, and the newest follows it; a failed one is logged. */
  show(write: () => Promise<unknown>): void;
  /** Drops what has not begun to be written and waits for what has, so that a later write is the last word. */
  settle(): Promise<void>;
}

const PACE_MS = 500;

/** @param pace milliseconds from one write to the next */
export function createJobProgress(log: Log, pace = PACE_MS): JobProgress {
  let next: (() => Promise<unknown>) | undefined;
  let writing: Promise<void> | undefined;
  let began = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  const write = () => {
    if (writing || timer || !next) return;
    const wait = began + pace - performance.now();
    if (wait > 0) {
      timer = setTimeout(() => {
        timer = undefined;
        write();
      }, wait);
      return;
    }
    began = performance.now();
    const current = next;
    next = undefined;
    // It is only shown: a job does not fail for it.
    writing = (async () => {
      await current().catch((error: unknown) => log.warn({ error }, 'Job progress not stored'));
      writing = undefined;
      write();
    })();
  };

  return {
    show(newest) {
      next = newest;
      write();
    },
    async settle() {
      next = undefined;
      clearTimeout(timer);
      timer = undefined;
      await writing;
    },
  };
}
