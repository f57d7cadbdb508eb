import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { Problem } from '../../../platform/kernel/problem.ts';
import { overloaded } from '../../../platform/kernel/problems.ts';
import { comparisonTooLarge } from '../problems.ts';
import { type ComparisonAnswer, type ComparisonOrder, MOST_COMPARED } from './contract.ts';

export interface ComparerOptions {
  /** Time of the processor for one comparison; on a busy machine its answer is waited for several times as long. */
  timeoutMs?: number;
  /** Heap of the thread. */
  memoryMb?: number;
  /** Orders that wait for their turn. */
  mostWaiting?: number;
  /** The thread's program; a bundle passes where it put its own build of `compare-thread.ts`. */
  entry?: string | URL;
}

export interface Comparer {
  /**
   * @throws Problem comparison-too-large, for texts that are too long or take too long; overloaded when too many wait
   * @throws the reason of the signal
   */
  compare(order: ComparisonOrder, signal?: AbortSignal): Promise<ComparisonAnswer>;
}

/** Other processes may take so much of the machine before a comparison is given up that would still be done in its time. */
const BUSY_FACTOR = 4;
const WORK_CHECK_MS = 250;

/**
 * Compares texts in a thread, one at a time, so that whatever they hold other requests are answered. The thread is ended when it
 * takes too long or too much memory.
 */
export function createComparer(options: ComparerOptions = {}): Comparer {
  const { timeoutMs = 20_000, memoryMb = 192, mostWaiting = 8 } = options;
  const entry = options.entry ?? fileURLToPath(new URL('./compare-thread.ts', import.meta.url));
  let turn: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return {
    async compare(order, signal) {
      if ([order.before, order.after].some(({ text }) => text.length > MOST_COMPARED)) throw tooLarge();
      if (waiting >= mostWaiting) {
        const seconds = Math.ceil(timeoutMs / 1000);
        throw new Problem(overloaded, { parameters: { seconds }, headers: { 'retry-after': String(seconds) } });
      }
      waiting += 1;
      const mine = turn.then(() => {
        signal?.throwIfAborted();
        return runThread(entry, order, { timeoutMs, memoryMb, signal });
      });
      turn = mine.catch(() => {}).finally(() => (waiting -= 1));
      return mine;
    },
  };
}

const tooLarge = (cause?: unknown) => new Problem(comparisonTooLarge, { parameters: { most: MOST_COMPARED }, cause });

async function runThread(
  entry: string | URL,
  order: ComparisonOrder,
  { timeoutMs, memoryMb, signal }: { timeoutMs: number; memoryMb: number; signal: AbortSignal | undefined },
): Promise<ComparisonAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<ComparisonAnswer>();
  const thread = new Worker(entry, {
    resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: 16 },
    env: {},
  });
  const onAbort = () => reject(signal?.reason);
  const expire = () => reject(tooLarge(new Error(`Compare texts: not done in ${timeoutMs} ms of work`)));
  const overdue = setTimeout(expire, BUSY_FACTOR * timeoutMs);
  const work = setInterval(async () => {
    // One that has ended has no figures, and is told by its end.
    const used = await thread.cpuUsage().catch(() => undefined);
    if (used && (used.user + used.system) / 1000 > timeoutMs) expire();
  }, WORK_CHECK_MS);
  signal?.addEventListener('abort', onAbort);
  thread.once('message', resolve);
  thread.once('error', (error: NodeJS.ErrnoException) =>
    reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooLarge(error) : error),
  );
  thread.once('exit', (code) => reject(new Error(`Compare texts: the thread ended with status ${code}`)));
  thread.postMessage(order);
  try {
    const answer = await promise;
    if ('failed' in answer) throw new Error(`Compare texts: ${answer.failed}`);
    return answer;
  } finally {
    clearTimeout(overdue);
    clearInterval(work);
    signal?.removeEventListener('abort', onAbort);
    await thread.terminate();
  }
}
