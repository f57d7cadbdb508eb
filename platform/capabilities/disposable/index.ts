import { type ChildProcess, fork } from 'node:child_process';
import { constants, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isolate } from '../../kernel/isolation.ts';
import { isolatedProcess, residentMemory } from './process-figures.ts';

/*
 * Processes that touch what strangers wrote. As part of a release such a process reads its own code and what it is given,
 * and nothing else; it writes no file, starts no other process, and sees nothing of this process's environment. What keeps
 * it apart should it get around Node stands in `platform/kernel/isolation.ts`.
 */

export interface DisposableOptions {
  /** Resident memory of the process; its heap gets three quarters of it, unless `heapMb` says otherwise. */
  memoryMb: number;
  heapMb?: number;
  /** Its one argument. */
  order: string;
  /** An open file that it may read, as the descriptor after the usual three and the channel. */
  document?: number;
  /** Folders that it may read besides its own code. */
  folders?: readonly string[];
  /**
   * Whether it may load packages with native parts, from the `node_modules` next to its code. These can do what Node forbids it, so
   * only `isolation.ts` keeps it apart.
   */
  addons?: boolean;
  /** Its input and output are streams of this process. */
  pipes?: boolean;
}

/** Its process id may be that of what surrounds it: killing that ends all of it. */
export function startDisposable(entry: string, options: DisposableOptions): ChildProcess {
  const { memoryMb, heapMb = Math.floor(memoryMb * 0.75), order, document, folders = [], addons, pipes } = options;
  // Where it runs from its sources, those and the packages lie in many places.
  const readable = entry.endsWith('.ts') ? undefined : [dirname(entry), ...folders];
  const node = [
    `--max-old-space-size=${heapMb}`,
    '--permission',
    ...(readable?.map((folder) => join(folder, '*')) ?? ['*']).map((place) => `--allow-fs-read=${place}`),
    '--allow-worker',
    ...(addons ? ['--allow-addons'] : []),
    '--disable-warning=SecurityWarning',
  ];
  const apart = isolate(readable, addons ? [join(dirname(entry), 'node_modules')] : []);
  const stream = pipes ? 'pipe' : 'ignore';
  return fork(entry, [order], {
    ...(apart ? { execPath: apart[0], execArgv: [...apart.slice(1), process.execPath, ...node] } : { execArgv: node }),
    // No inherited variable, NODE_OPTIONS included, may change or reach a process that reads hostile files.
    env: {},
    cwd: tmpdir(),
    serialization: 'advanced',
    stdio: [stream, stream, 'ignore', 'ipc', ...(document === undefined ? [] : [document])],
  });
}

/** Signals that end a process for what it did itself, such as a heap that ran over. */
const ownFaults = (['SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGILL', 'SIGSEGV', 'SIGSYS', 'SIGTRAP'] as const).map((name) => ({
  name,
  // As a program passes it on that started the process.
  status: 128 + constants.signals[name],
}));

/**
 * How a process that gave no answer ended. One that ended for what it did not do itself was perhaps killed by a person, a system that
 * shuts down or a kernel that is short of memory, or did not get as far as its work: another one may have more luck.
 */
export function readEnd(exitCode: number | null, signal: NodeJS.Signals | null) {
  return {
    isOwnFault: ownFaults.some(({ name, status }) => name === signal || status === exitCode),
    how: `the process ended with ${signal ?? `status ${exitCode}`}`,
  };
}

/** After so many that were killed at the same place, what they worked on is the reason. */
export const mostKills = 3;

/** Ends the process; the first reason given is what the caller is told. */
export type Kill = ((reason: unknown) => void) & { reason?: unknown };

export function createKill(child: ChildProcess): Kill {
  const kill: Kill = (reason) => {
    kill.reason ??= reason;
    child.kill('SIGKILL');
  };
  return kill;
}

const MEMORY_CHECK_MS = 150;

/** Calls back when the process holds more than its memory, with the words for it; never without /proc. */
export function watchMemory(child: ChildProcess, memoryMb: number, exceed: (why: string) => void): NodeJS.Timeout {
  return setInterval(async () => {
    const pid = await isolatedProcess(child);
    const bytes = pid === undefined ? undefined : await residentMemory(pid);
    if (bytes !== undefined && bytes > memoryMb * 1024 * 1024) {
      exceed(`the process needed more than ${memoryMb} MiB`);
    }
  }, MEMORY_CHECK_MS);
}
