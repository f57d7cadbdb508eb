import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Many small processes share a machine, and most of them wait most of the time. V8 collects when it needs memory and
 * not when it has nothing to do, so what a start or a burst of requests left stays for as long as no one comes. A
 * process that has been idle for a moment after its start therefore collects everything once, code that was used only once
 * included. It takes as much processor time as some hundred requests, and what is thrown away of the code is compiled again: later it is
 * done where requests left something.
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

/** Since the last collection; twice what new objects may take before they are old ones. */
export const GROWN_BYTES = 4 * 1024 ** 2;

interface IdleOptions {
  idleMs?: number;
  /** What is done when it is idle. */
  collect?(): void;
  /** Bytes in use. */
  used?(): number;
}

export function collectWhenIdle(
  { inFlight, begun }: Work,
  { idleMs = IDLE_MS, collect = createCollector(), used = heapAndBuffers }: IdleOptions = {},
): IdleMemory {
  let seen = begun();
  let looked = -1;
  let left = Number.NEGATIVE_INFINITY;
  const timer = setInterval(() => {
    const now = begun();
    const isIdle = inFlight() === 0 && now === seen;
    seen = now;
    if (!isIdle || looked === now) return;
    looked = now;
    if (used() - left < GROWN_BYTES) return;
    collect();
    left = used();
  }, idleMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

function heapAndBuffers(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}

/**
 * With `--expose-gc` on the command line, V8 would take none of the compiled code that Node brings along for its own
 * modules, since that was made without: 30 ms more at each start. So the flag is set later, and for a moment only.
 */
export function createCollector(): () => void {
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
