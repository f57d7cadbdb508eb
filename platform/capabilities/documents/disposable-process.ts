import { type ChildProcess, fork } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ParseFailure } from './contract.ts';
import { residentMemory } from './resident-memory.ts';

/*
 * Processes that touch what strangers wrote. As part of a release such a process reads its own code and what it is given,
 * and nothing else; it writes no file, starts no other process, and sees nothing of this process's environment.
 */

export interface DisposableOptions {
  /** Resident memory of the process; its heap gets three quarters of it. */
  memoryMb: number;
  /** Its one argument. */
  order: string;
  /** What it may read besides its own code. */
  files?: readonly string[];
  folders?: readonly string[];
}

export function startDisposable(entry: string, { memoryMb, order, files = [], folders = [] }: DisposableOptions) {
  const within = (folder: string) => join(folder, '*');
  // Where it runs from its sources, those and the packages lie in many places.
  const readable = entry.endsWith('.ts') ? ['*'] : [within(dirname(entry)), ...files, ...folders.map(within)];
  return fork(entry, [order], {
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

/** Ends the process; the first reason given is what the caller is told. */
export type Kill = ((reason: unknown) => void) & { reason?: unknown };

export function createKill(child: ChildProcess): Kill {
  const kill: Kill = (reason) => {
    kill.reason ??= reason;
    child.kill('SIGKILL');
  };
  return kill;
}

const memoryCheckMs = 150;

export function watchMemory(child: ChildProcess, memoryMb: number, kill: Kill): NodeJS.Timeout {
  return setInterval(async () => {
    const bytes = child.pid === undefined ? undefined : await residentMemory(child.pid);
    if (bytes !== undefined && bytes > memoryMb * 1024 * 1024) {
      kill(new ParseFailure('crashed', `Read document: the process needed more than ${memoryMb} MiB`));
    }
  }, memoryCheckMs);
}
