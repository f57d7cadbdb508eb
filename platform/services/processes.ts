import { execFile, spawn } from 'node:child_process';
import { open, readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { asUser, type ProcessUser } from './process-user.ts';
import type { ServiceUser } from './service-user.ts';

/** A server that the platform started, or found running from an earlier start. */
export interface Service {
  /** What clients connect to, password included. */
  url: string;
  pid: number;
  /** Ends the server, forcibly when it does not end by itself; resolves when it is gone. */
  stop(): Promise<void>;
}

interface Launch {
  program: string;
  args: string[];
  cwd: string;
  /** Variables next to PATH, locale and time zone. */
  env?: Record<string, string>;
  /** File that its output is appended to. */
  log: string;
  user?: ProcessUser | ServiceUser | undefined;
}

/**
 * Starts a program that outlives this process: own session, output to a file, nothing inherited but PATH.
 * @returns its process id
 * @throws when it cannot be executed
 */
export async function launch({ program, args, cwd, env, log, user }: Launch): Promise<number> {
  const output = await open(log, 'a', 0o600);
  try {
    const plain = { ...env, PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };
    const start = asUser(user && { groups: [], ...user }, program, args, plain);
    const child = spawn(start.command, start.args, {
      cwd,
      detached: true,
      stdio: ['ignore', output.fd, output.fd],
      env: plain,
    });
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    child.unref();
    return child.pid as number;
  } catch (error) {
    throw new Error(`Start program "${program}": cannot be executed`, { cause: error });
  } finally {
    await output.close();
  }
}

/** Whether a process runs. One that ended and was not yet waited for by its parent does not. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  if (process.platform !== 'linux') return true;
  const stat = await readIfExists(`/proc/${pid}/stat`);
  return stat !== undefined && !/\) [ZX] /.test(stat);
}

/** Whether a process runs and its command line holds the text: process ids are reused, command lines tell whose it is. */
export async function isRunning(pid: number, text: string): Promise<boolean> {
  if (!(await isAlive(pid))) return false;
  if (process.platform === 'linux') {
    return ((await readIfExists(`/proc/${pid}/cmdline`)) ?? '').replaceAll('\0', ' ').includes(text);
  }
  const { stdout } = await promisify(execFile)('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { timeout: 5000 });
  return stdout.includes(text);
}

export interface FoundProcess {
  pid: number;
  parent: number;
}

/** All processes but this one whose command line holds the text, and who started them. Linux only; elsewhere none. */
export async function findProcesses(text: string): Promise<FoundProcess[]> {
  if (process.platform !== 'linux') return [];
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const found = await Promise.all(
    pids.map(async (pid) => {
      const command = ((await readIfExists(`/proc/${pid}/cmdline`)) ?? '').replaceAll('\0', ' ');
      if (!command.includes(text)) return [];
      const parent = /\) [^ZX] (\d+)/.exec((await readIfExists(`/proc/${pid}/stat`)) ?? '')?.[1];
      return parent === undefined ? [] : [{ pid: Number(pid), parent: Number(parent) }];
    }),
  );
  return found.flat();
}

/** Calls `check` until it returns true. Resolves false when the time is over. */
export async function waitUntil(check: () => Promise<boolean>, seconds: number): Promise<boolean> {
  const end = performance.now() + seconds * 1000;
  while (!(await check())) {
    if (performance.now() > end) return false;
    await sleep(20);
  }
  return true;
}

interface Stage {
  signal: NodeJS.Signals;
  /** How long to wait for the end after this signal. */
  seconds: number;
}

/**
 * Ends a process in stages: the first signal asks, the last one forces.
 * @throws when it is still there after the last stage
 */
export async function endProcess(pid: number, stages: readonly Stage[]): Promise<void> {
  for (const { signal, seconds } of stages) {
    if (!(await isAlive(pid))) return;
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
    if (await waitUntil(async () => !(await isAlive(pid)), seconds)) return;
  }
  throw new Error(`Stop process "${pid}": still running after ${stages.map(({ signal }) => signal).join(', ')}`);
}

/** The last lines of a log from a byte on, indented, for an error message. */
export async function logTail(path: string, from: number): Promise<string> {
  const text = (await readFile(path)).subarray(from).toString('utf8').trimEnd();
  const lines = text === '' ? ['(nothing)'] : text.split('\n').slice(-12);
  return `last lines of "${path}":\n${lines.map((line) => `  ${line}`).join('\n')}`;
}

/** Undefined when there is no such file, also when a process ended while its entry was read. */
export async function readIfExists(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
