import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ParseFailure } from './contract.ts';
import { residentMemory } from './resident-memory.ts';

/*
 * Processes that touch what strangers wrote. As part of a release such a process reads its own code and what it is given,
 * and nothing else; it writes no file, starts no other process, and sees nothing of this process's environment. Where the
 * kernel lets an unprivileged process make one, it has a network of its own without any way out.
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
  const node = [
    `--max-old-space-size=${Math.floor(memoryMb * 0.75)}`,
    '--permission',
    ...readable.map((place) => `--allow-fs-read=${place}`),
    '--allow-worker',
    '--disable-warning=SecurityWarning',
  ];
  const apart = withoutNetwork();
  return fork(entry, [order], {
    ...(apart ? { execPath: apart[0], execArgv: [...apart.slice(1), process.execPath, ...node] } : { execArgv: node }),
    // No inherited variable, NODE_OPTIONS included, may change or reach a process that reads hostile files.
    env: {},
    cwd: tmpdir(),
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
}

let found: { command: [string, ...string[]] | undefined } | undefined;

/**
 * The command that starts a program in a network of its own, with nothing but a loopback interface that is down; undefined
 * where the kernel or the system does not offer it. It becomes the program, so that the process id stays.
 */
export function withoutNetwork(): [string, ...string[]] | undefined {
  const [program, ...flags]: [string, ...string[]] = ['unshare', '--user', '--net'];
  const path = ['/usr/bin', '/bin'].map((folder) => `${folder}/${program}`);
  found ??= {
    command: path
      .map((each): [string, ...string[]] => [each, ...flags])
      .find(
        ([each, ...rest]) => spawnSync(each, [...rest, '/bin/true'], { stdio: 'ignore', timeout: 5_000 }).status === 0,
      ),
  };
  return found.command;
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
