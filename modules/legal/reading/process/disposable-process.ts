import { type ChildProcess, fork } from 'node:child_process';
import { constants, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isolate } from '../../../../platform/kernel/isolation.ts';
import { ParseFailure } from '../contract.ts';
import { isolatedProcess, residentMemory } from './process-figures.ts';

/*
 * Processes that touch what strangers wrote. As part of a release such a process reads its own code and what it is given,
 * and nothing else; it writes no file, starts no other process, and sees nothing of this process's environment. What keeps
 * it apart should it get around Node stands in `platform/kernel/isolation.ts`.
 */

export interface DisposableOptions {
  /** Resident memory of the process; its heap gets three quarters of it. */
  memoryMb: number;
  /** Its one argument. */
  order: string;
  /** An open file that it may read, see `document-descriptor.ts`. */
  document?: number;
  /** Folders that it may read besides its own code. */
  folders?: readonly string[];
}

/** Its process id may be that of what surrounds it: killing that ends all of it. */
export function startDisposable(entry: string, { memoryMb, order, document, folders = [] }: DisposableOptions) {
  // Where it runs from its sources, those and the packages lie in many places.
  const readable = entry.endsWith('.ts') ? undefined : [dirname(entry), ...folders];
  const node = [
    `--max-old-space-size=${Math.floor(memoryMb * 0.75)}`,
    '--permission',
    ...(readable?.map((folder) => join(folder, '*')) ?? ['*']).map((place) => `--allow-fs-read=${place}`),
    '--allow-worker',
    '--disable-warning=SecurityWarning',
  ];
  const apart = isolate(readable);
  return fork(entry, [order], {
    ...(apart ? { execPath: apart[0], execArgv: [...apart.slice(1), process.execPath, ...node] } : { execArgv: node }),
    // No inherited variable, NODE_OPTIONS included, may change or reach a process that reads hostile files.
    env: {},
    cwd: tmpdir(),
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc', ...(document === undefined ? [] : [document])],
  });
}

/** Signals that end a process for what it did itself, such as a heap that ran over. */
const ownFaults = (['SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGILL', 'SIGSEGV', 'SIGSYS', 'SIGTRAP'] as const).map((name) => ({
  name,
  // As a program passes it on that started the process.
  status: 128 + constants.signals[name],
}));

/**
 * The process ended without an answer, and not for what it did: a person, a system that shuts down or a kernel that is short of
 * memory may have killed it, or it did not get as far as its document. Another one may have more luck.
 */
export class ProcessKilled extends ParseFailure {}

/** After so many of them at the same place, what they worked on is the reason. */
export const mostKills = 3;

/** How a process that gave no answer ended. @param doing such as `Read document` */
export function describeEnd(doing: string, exitCode: number | null, signal: NodeJS.Signals | null): ParseFailure {
  const isOwnFault = ownFaults.some(({ name, status }) => name === signal || status === exitCode);
  const message = `${doing}: the process ended with ${signal ?? `status ${exitCode}`}`;
  return new (isOwnFault ? ParseFailure : ProcessKilled)('crashed', message);
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
    const pid = await isolatedProcess(child);
    const bytes = pid === undefined ? undefined : await residentMemory(pid);
    if (bytes !== undefined && bytes > memoryMb * 1024 * 1024) {
      kill(new ParseFailure('crashed', `Read document: the process needed more than ${memoryMb} MiB`));
    }
  }, memoryCheckMs);
}
