import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
  createKill,
  mostKills,
  startDisposable,
  watchMemory,
} from '../../../../platform/capabilities/disposable/index.ts';
import { isolatedProcess, processorTime } from '../../../../platform/capabilities/disposable/process-figures.ts';
import { type NamedText, ParseFailure, type TextCutter, type TextStructure } from '../contract.ts';
import type { CutAnswer } from './cut-process.ts';
import { describeEnd, ProcessKilled } from './process-end.ts';

export interface TextCutterOptions {
  /** Time of the processor for one text; on a busy machine its answer is waited for several times as long. */
  timeoutMs?: number;
  memoryMb?: number;
  /** The process's program; a bundle passes where it put its own build of `cut-process.ts`. */
  entry?: string;
  /** How long a process waits for its next text. */
  idleMs?: number;
}

/** Processes are used again while texts follow one another, as when a whole index is built; each has one text at a time. */
export function createTextCutter(options: TextCutterOptions = {}): TextCutter {
  const { timeoutMs = 60_000, memoryMb = 512, idleMs = 3_000 } = options;
  const entry = options.entry ?? fileURLToPath(new URL('./cut-process.ts', import.meta.url));
  const idle = new Map<ChildProcess, NodeJS.Timeout>();

  const take = (): ChildProcess | undefined => {
    const [child] = [...idle.keys()].filter(isRunning);
    if (child) leave(child);
    return child;
  };
  const leave = (child: ChildProcess) => {
    clearTimeout(idle.get(child));
    idle.delete(child);
    child.ref();
    child.channel?.ref();
  };
  const rest = (child: ChildProcess) => {
    idle.set(child, setTimeout(() => end(child), idleMs).unref());
    child.unref();
    child.channel?.unref();
  };
  const end = (child: ChildProcess) => {
    leave(child);
    child.kill('SIGKILL');
  };

  const start = () => {
    const child = startDisposable(entry, { memoryMb, order: '' });
    // Without a listener, an error of a process that rests would end this one.
    return child.on('error', () => {});
  };

  const cutIn = async (child: ChildProcess, document: NamedText, signal?: AbortSignal): Promise<TextStructure> => {
    const answer = await ask(child, document, { timeoutMs, memoryMb, signal });
    rest(child);
    if ('failed' in answer) throw new ParseFailure('crashed', `Cut text: ${answer.failed}`);
    return answer.structure;
  };

  return {
    prepare() {
      if (idle.size === 0) rest(start());
    },
    async cut(document, signal) {
      signal?.throwIfAborted();
      let used = take();
      for (let kills = 0; ; used = undefined) {
        try {
          return await cutIn(used ?? start(), document, signal);
        } catch (error) {
          const isKilled = error instanceof ProcessKilled && ++kills < mostKills;
          // A used one may have died of an earlier text, or of old age.
          const isOld = used !== undefined && error instanceof ParseFailure && error.code === 'crashed';
          if (!isKilled && !isOld) throw error;
        }
      }
    },
    close() {
      for (const child of idle.keys()) end(child);
    },
  };
}

const isRunning = ({ exitCode, signalCode, connected }: ChildProcess) =>
  exitCode === null && signalCode === null && connected;

/** Other processes may take so much of the machine before a text is given up that would still be cut in its time. */
const BUSY_FACTOR = 5;

/** Calls back once the process has worked so long from now on; never without /proc. */
function watchWork(child: ChildProcess, workMs: number, expire: () => void): NodeJS.Timeout {
  let before: number | undefined;
  return setInterval(async () => {
    const pid = await isolatedProcess(child);
    const worked = pid === undefined ? undefined : await processorTime(pid);
    before ??= worked;
    if (worked !== undefined && before !== undefined && worked - before >= workMs) expire();
  }, WORK_CHECK_MS);
}
const WORK_CHECK_MS = 250;

/** One question, one answer; the process is ended unless it gave one. */
async function ask(
  child: ChildProcess,
  document: NamedText,
  { timeoutMs, memoryMb, signal }: { timeoutMs: number; memoryMb: number; signal: AbortSignal | undefined },
): Promise<CutAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<CutAnswer>();
  const kill = createKill(child);
  const onAbort = () => kill(signal?.reason);
  const onEnd = (exitCode: number | null, endedBy: NodeJS.Signals | null) =>
    reject(kill.reason ?? describeEnd('Cut text', exitCode, endedBy));
  const expire = () => kill(new ParseFailure('too-slow', `Cut text: not done in ${timeoutMs} ms of work`));
  const timer = setTimeout(expire, BUSY_FACTOR * timeoutMs);
  const work = watchWork(child, timeoutMs, expire);
  const watch = watchMemory(child, memoryMb, (why) => kill(new ParseFailure('crashed', `Cut text: ${why}`)));
  signal?.addEventListener('abort', onAbort);
  child.once('message', resolve);
  child.once('error', reject);
  child.once('close', onEnd);
  // A process that cannot be sent to has ended, which is told by its end.
  child.send(document, () => {});
  try {
    return await promise;
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    clearTimeout(timer);
    clearInterval(work);
    clearInterval(watch);
    signal?.removeEventListener('abort', onAbort);
    child.off('message', resolve);
    child.off('error', reject);
    child.off('close', onEnd);
  }
}
