import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Many small processes share a machine, and most of them wait most of the time. V8 collects when it needs memory and
 * not when it has nothing to do, so what a start or a burst of requests left stays for as long as no one comes. A
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

/** Longer than clients pause between requests, so that the collection meets no one. */
const IDLE_MS = 1_000;

/** @param collect what is done when it is idle */
export function collectWhenIdle(
  { inFlight, begun }: Work,
  idleMs: number = IDLE_MS,
  collect: () => void = createCollector(),
): IdleMemory {
  let seen = begun();
  let collected = -1;
  const timer = setInterval(() => {
    const now = begun();
    const isIdle = inFlight() === 0 && now === seen;
    seen = now;
    if (!isIdle || collected === now) return;
    collected = now;
    collect();
  }, idleMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

/**
 * With `--expose-gc` on the command line, V8 would take none of the compiled code that Node brings along for its own
 * modules, since that was made without: 30 ms more at each start. So the flag is set later, and for a moment only.
 */
function createCollector(): () => void {
  let gc: NodeJS.GCFunction | undefined;
  return () => {
    if (!gc) {
      setFlagsFromString('--expose-gc');
      gc = runInNewContext('gc') as NodeJS.GCFunction;
      setFlagsFromString('--no-expose-gc');
    }
    gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  };
}
