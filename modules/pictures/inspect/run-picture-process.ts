import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import {
  createKill,
  type Kill,
  readEnd,
  startDisposable,
  watchMemory,
} from '../../../platform/capabilities/disposable/index.ts';
import { isolatedProcess, processorTime } from '../../../platform/capabilities/disposable/process-figures.ts';
import { notAPictureBecause, readHeader, tooManyPixelsIn } from './check-picture.ts';
import type { CheckedPicture, PictureAnswer, PictureOrder, PictureWork, WrittenPicture } from './picture-message.ts';

export interface PictureProcessOptions {
  /** The process's program. */
  entry: string;
  /** Folders of code that it shares with others. */
  folders: readonly string[];
  /** Resident memory of the process. */
  memoryMb: number;
  /** Time of the processor for one picture. */
  timeoutMs: number;
  /** So long its answer is waited for on a busy machine; three times as long without it. */
  patienceMs: number | undefined;
  /** Told what each picture that was decoded took. */
  onEnd: ((figures: PictureFigures) => void) | undefined;
}

/** What decoding one picture took. */
export interface PictureFigures {
  /** Resident memory of the process at its highest, in MiB. */
  peakMb: number;
  /** From the start of the process to its end. */
  durationMs: number;
}

/** The process ended without an answer, and not for what it did: another one may have more luck. */
export class PictureProcessKilled extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PictureProcessKilled';
  }
}

/** Of its memory; the rest is for the decoder, whose memory is its own. */
const HEAP_MB = 48;
/** Other processes may take so much of the machine before a picture is given up that would still be decoded in its time. */
const BUSY_FACTOR = 3;
const WORK_CHECK_MS = 250;
/** More than four bytes for each pixel of the original and its smaller variants is no picture. */
const outputBytes = ({ width, height }: CheckedPicture) => 5 * width * height + 16 * 1024 * 1024;

/**
 * Has one picture decoded and written again by a process of its own.
 * @throws Problem not-a-picture, too-many-pixels
 * @throws PictureProcessKilled
 */
export async function runPictureProcess(
  content: Buffer,
  picture: CheckedPicture,
  work: PictureWork,
  options: PictureProcessOptions & { signal: AbortSignal | undefined },
): Promise<{ isBlank: boolean; files: (WrittenPicture & { content: Buffer })[] }> {
  const { entry, folders, memoryMb, timeoutMs, patienceMs = BUSY_FACTOR * timeoutMs, onEnd, signal } = options;
  const order: PictureOrder = { ...picture, work, bytes: content.length, timeoutMs: patienceMs };
  const startedAt = performance.now();
  const child = startDisposable(entry, {
    ...{ memoryMb, heapMb: HEAP_MB, order: JSON.stringify(order), folders, addons: true, pipes: true },
  });
  const kill = createKill(child);
  const tooSlow = () => kill(notAPictureBecause('too-complex', new Error(`Decode picture: ${timeoutMs} ms of work`)));
  const onAbort = () => kill(signal?.reason);
  signal?.addEventListener('abort', onAbort);
  const memory = watchMemory(child, memoryMb, (why) =>
    kill(tooManyPixelsIn(picture, new Error(`Decode picture: ${why}`))),
  );
  const worked = watchWork(child, timeoutMs, tooSlow);
  // A machine that is so busy is not the picture's fault.
  const overdue = setTimeout(
    () => kill(new PictureProcessKilled(`Decode picture: no answer in ${order.timeoutMs} ms`)),
    order.timeoutMs,
  );
  try {
    const { answer, output } = await follow(child, content, outputBytes(picture), kill);
    if (answer.type === 'damaged') throw notAPictureBecause('damaged');
    onEnd?.({ peakMb: answer.peakMb, durationMs: performance.now() - startedAt });
    return { isBlank: answer.isBlank, files: cutOutput(answer.files, work, output) };
  } finally {
    clearTimeout(overdue);
    clearInterval(memory);
    clearInterval(worked);
    signal?.removeEventListener('abort', onAbort);
    child.kill('SIGKILL');
  }
}

/** Gives the process its picture, and takes what it makes until it ends. */
async function follow(child: ChildProcess, content: Buffer, mostBytes: number, kill: Kill) {
  const [input, source] = [child.stdin as Writable, child.stdout as Readable];
  const chunks: Buffer[] = [];
  let bytes = 0;
  let answer: PictureAnswer | undefined;
  // A process that cannot be sent to has ended, which is told by its end.
  input.on('error', () => {});
  source.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > mostBytes) kill(notAPictureBecause('too-complex', new Error('Decode picture: too much output')));
  });
  child.on('message', (message: PictureAnswer) => {
    answer ??= message;
  });
  input.end(content);
  const [exitCode, endedBy] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.once('error', reject);
    // Behind this, all that it said and wrote was read.
    child.once('close', (...how) => resolve(how));
  });
  if (kill.reason !== undefined) throw kill.reason;
  if (answer !== undefined) return { answer, output: Buffer.concat(chunks, bytes) };
  const { isOwnFault, how } = readEnd(exitCode, endedBy);
  if (isOwnFault) throw notAPictureBecause('damaged', new Error(`Decode picture: ${how}`));
  throw new PictureProcessKilled(`Decode picture: ${how}`);
}

/**
 * The pictures in the output. A process that a picture has taken over may say and write anything, so each is held to its own header.
 * @throws Problem not-a-picture, when the output is not what was asked for
 */
function cutOutput(files: readonly WrittenPicture[], work: PictureWork, output: Buffer) {
  try {
    let at = 0;
    const cut = files.map((file) => {
      const content = output.subarray(at, at + file.bytes);
      at += file.bytes;
      return { ...file, content };
    });
    const variants = cut.map(({ variant }) => variant).join();
    if (at === output.length && variants === WRITTEN[work] && cut.every(isAsSaid)) return cut;
    throw new Error('Decode picture: the output is not what the process was asked for');
  } catch (error) {
    throw notAPictureBecause('damaged', error);
  }
}

const WRITTEN: Record<PictureWork, string> = { variants: 'original,display,thumb', jpeg: 'original' };

function isAsSaid({ type, width, height, content }: WrittenPicture & { content: Buffer }): boolean {
  const header = readHeader(content);
  return `image/${header.type}` === type && header.width === width && header.height === height;
}

/** Calls back once the process has worked so long; never without /proc. */
function watchWork(child: ChildProcess, workMs: number, expire: () => void): NodeJS.Timeout {
  return setInterval(async () => {
    const pid = await isolatedProcess(child);
    const worked = pid === undefined ? undefined : await processorTime(pid);
    if (worked !== undefined && worked >= workMs) expire();
  }, WORK_CHECK_MS);
}
