import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { access, constants } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type DocumentParser, type ParsedDocument, ParseFailure, type ParseProgress } from './contract.ts';
import type { ParseMessage, ParseOrder } from './parse-message.ts';
import type { ReadingLimits } from './reading.ts';
import { residentMemory } from './resident-memory.ts';

export interface DocumentParserOptions {
  /** Wall-clock time for one file. */
  timeoutMs?: number;
  /** Resident memory of the parser process; its heap gets three quarters of it. */
  memoryMb?: number;
  limits?: Partial<ReadingLimits>;
  /** The parser process's program; a bundle passes where it put its own build of `parse-process.ts`. */
  entry?: string;
}

const defaultLimits: ReadingLimits = { pages: 5000, characters: 16_000_000, unpackedBytes: 128 * 1024 * 1024 };
const memoryCheckMs = 150;

/**
 * Each file is read by a process of its own, which is killed when it takes too long or too much memory. As part
 * of a release it may read this file and its own code only; it writes none, starts no other process, and sees nothing of
 * this process's environment. Its text is taken over in bounded pieces. How many run at once is the caller's matter. What is not the document's fault (a missing file,
 * no process to be had, an abort) rejects with the error as it came.
 */
export function createDocumentParser(options: DocumentParserOptions = {}): DocumentParser {
  const { timeoutMs = 120_000, memoryMb = 768 } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const entry = options.entry ?? fileURLToPath(new URL('./parse-process.ts', import.meta.url));

  return {
    async parse({ path, format }, { onProgress, signal } = {}) {
      // A file that is not there is this machine's fault, not the document's.
      await access(path, constants.R_OK);
      signal?.throwIfAborted();
      // Where it runs from its sources, those and the packages lie in many places.
      const readable = entry.endsWith('.ts') ? ['*'] : [join(dirname(entry), '*'), resolve(path)];
      const child = start(entry, { path: resolve(path), format, limits, timeoutMs }, memoryMb, readable);
      const kill = createKill(child);
      const onAbort = () => kill(signal?.reason);
      signal?.addEventListener('abort', onAbort);
      const clock = setTimeout(
        () => kill(new ParseFailure('too-slow', `Read document: not done in ${timeoutMs} ms`)),
        timeoutMs,
      );
      const watch = watchMemory(child, memoryMb, kill);
      try {
        return await collect(child, limits, kill, onProgress);
      } finally {
        clearTimeout(clock);
        clearInterval(watch);
        signal?.removeEventListener('abort', onAbort);
        if (child.exitCode === null) child.kill('SIGKILL');
      }
    },
  };
}

/** Ends the process; the first reason given is what the caller is told. */
type Kill = ((reason: unknown) => void) & { reason?: unknown };

function createKill(child: ChildProcess): Kill {
  const kill: Kill = (reason) => {
    kill.reason ??= reason;
    child.kill('SIGKILL');
  };
  return kill;
}

function start(entry: string, order: ParseOrder, memoryMb: number, readable: readonly string[]): ChildProcess {
  return fork(entry, [JSON.stringify(order)], {
    execArgv: [
      `--max-old-space-size=${Math.floor(memoryMb * 0.75)}`,
      '--permission',
      ...readable.map((place) => `--allow-fs-read=${place}`),
      '--allow-worker',
      '--disable-warning=SecurityWarning',
    ],
    // No inherited variable, NODE_OPTIONS included, may change or reach a process that reads hostile files.
    env: {},
    cwd: tmpdir(),
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
}

function watchMemory(child: ChildProcess, memoryMb: number, kill: Kill): NodeJS.Timeout {
  return setInterval(async () => {
    const bytes = child.pid === undefined ? undefined : await residentMemory(child.pid);
    if (bytes !== undefined && bytes > memoryMb * 1024 * 1024) {
      kill(new ParseFailure('crashed', `Read document: the parser needed more than ${memoryMb} MiB`));
    }
  }, memoryCheckMs);
}

async function collect(
  child: ChildProcess,
  limits: ReadingLimits,
  kill: Kill,
  onProgress: ((progress: ParseProgress) => void) | undefined,
): Promise<ParsedDocument> {
  const pieces: string[] = [];
  let characters = 0;
  let document: Omit<ParsedDocument, 'text'> | undefined;
  child.on('message', (message: ParseMessage) => {
    switch (message.type) {
      case 'progress':
        try {
          onProgress?.(message.progress);
        } catch (error) {
          kill(error);
        }
        break;
      case 'text':
        characters += message.piece.length;
        if (characters > limits.characters) kill(new ParseFailure('too-large', 'Read document: too much text'));
        else pieces.push(message.piece);
        break;
      case 'done':
        document = message.document;
        break;
      case 'failed':
        kill(new ParseFailure(message.code, message.message));
    }
  });
  // A process may be gone before its last messages are read: the channel's end comes behind them.
  const [[exitCode, endedBy]] = await Promise.all([once(child, 'close'), once(child, 'disconnect')]);
  if (kill.reason !== undefined) throw kill.reason;
  if (document === undefined)
    throw new ParseFailure('crashed', `Read document: the parser ended with ${endedBy ?? exitCode}`);
  return { ...document, text: pieces.join('') };
}
