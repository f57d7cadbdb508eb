/**
 * Many small processes share a machine, and most of them wait most of the time. V8 collects when it needs memory and
 * not when it has nothing to do, so what a start or a burst of requests left stays for as long as nobody comes. A
 * process that has been idle for a moment therefore collects everything once, code that was used only once included.
 */
export interface IdleMemory {
  stop(): void;
}

interface Work {
  /** Requests or jobs under way. */
  inFlight(): number;
  /** Grows with each of them. */
  begun(): number;
}

/** Longer than clients pause between requests, so that the collection meets nobody. */
const IDLE_MS = 1_000;

/** Does nothing where the process was started without `--expose-gc`. */
export function collectWhenIdle({ inFlight, begun }: Work, idleMs: number = IDLE_MS): IdleMemory {
  let seen = begun();
  let collected = -1;
  const timer = setInterval(() => {
    const now = begun();
    const isIdle = inFlight() === 0 && now === seen;
    seen = now;
    if (!isIdle || collected === now) return;
    collected = now;
    globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  }, idleMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
