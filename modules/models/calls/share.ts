/** A place among asynchronous calls. */
export type SharePlace = Disposable;

/** Those of single callers go before the lines of batches. */
export type SharePriority = 'call' | 'line';

/** What share of the calls that may be in progress is left to asynchronous ones: the rest is always free for live ones. */
export const BACKGROUND_SHARE = 4;

/** Lets a limited number of calls of this process be in progress. */
export interface Share {
  /** Waits for a place. @param limit calls at the same time, as it is now @throws when aborted */
  take(limit: number, priority: SharePriority, signal: AbortSignal): Promise<SharePlace>;
}

interface Waiting {
  limit: number;
  begin(): void;
}

export function createShare(): Share {
  const lines: Record<SharePriority, Set<Waiting>> = { call: new Set(), line: new Set() };
  let used = 0;
  const release = () => {
    used -= 1;
    for (const line of [lines.call, lines.line]) {
      for (const waiting of line) {
        if (used >= waiting.limit) return;
        line.delete(waiting);
        waiting.begin();
      }
    }
  };
  const place = (): SharePlace => {
    used += 1;
    let isOpen = true;
    return {
      [Symbol.dispose]() {
        if (!isOpen) return;
        isOpen = false;
        release();
      },
    };
  };
  return {
    async take(limit, priority, signal) {
      signal.throwIfAborted();
      if (used < limit && lines.call.size === 0 && lines[priority].size === 0) return place();
      return new Promise((resolve, reject) => {
        const leave = () => {
          lines[priority].delete(waiting);
          reject(signal.reason);
        };
        const waiting: Waiting = {
          limit,
          begin() {
            signal.removeEventListener('abort', leave);
            resolve(place());
          },
        };
        signal.addEventListener('abort', leave, { once: true });
        lines[priority].add(waiting);
      });
    },
  };
}
