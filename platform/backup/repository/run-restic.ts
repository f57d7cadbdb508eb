import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { failureOf, ResticFailure } from './restic-failure.ts';
import type { Target } from './target.ts';

export interface ResticOptions {
  program: string;
  target: Target;
  passphrase: string;
  /** Undefined to keep nothing. */
  cacheFolder: string | undefined;
  /** How long to wait for another process that works on the repository. */
  patienceMs?: number;
}

interface Call {
  /** Default: the root. */
  cwd?: string;
  /** Files that are gone before they are read are no failure. */
  mayMiss?: boolean;
  /** How long to wait for another process that works on the repository. */
  patienceMs?: number;
  signal?: AbortSignal;
}

/** Runs restic to its end, in a folder. @returns what it printed @throws ResticFailure that begins with what was being done */
export interface Restic {
  once(doing: string, args: readonly string[], call?: Call): Promise<string>;
  /** The same, but waits while another process works on the repository. */
  run(doing: string, args: readonly string[], call?: Call): Promise<string>;
}

/** Some of what was to be stored could not be read. */
const INCOMPLETE = 3;

/** Requests of people go first. */
const NICENESS = 10;
const RETRY_MS = 2_000;

export function createRestic({ program, target, passphrase, cacheFolder, patienceMs = 60_000 }: ResticOptions): Restic {
  const { PATH, HOME, TMPDIR, SSH_AUTH_SOCK } = process.env;
  const environment = {
    ...{ PATH, HOME, TMPDIR, SSH_AUTH_SOCK, LC_ALL: 'C', ...target.environment },
    ...{ RESTIC_REPOSITORY: target.repository, RESTIC_PASSWORD: passphrase },
    ...(cacheFolder !== undefined && { RESTIC_CACHE_DIR: cacheFolder }),
  };

  async function once(doing: string, args: readonly string[], call: Call = {}): Promise<string> {
    const { cwd = '/', mayMiss = false, signal } = call;
    signal?.throwIfAborted();
    const child = spawn(program, cacheFolder === undefined ? ['--no-cache', ...args] : args, {
      cwd,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
    if (child.pid !== undefined) setPriority(child.pid, Math.min(NICENESS, constants.priority.PRIORITY_LOW));
    const stop = () => child.kill();
    signal?.addEventListener('abort', stop);
    const [stdout, stderr, status] = await Promise.all([text(child.stdout), text(child.stderr), ended]).finally(() =>
      signal?.removeEventListener('abort', stop),
    );
    if (signal?.aborted) throw failureOf(doing, status, `no answer: ${stderr}`);
    if (status !== 0 && !(mayMiss && status === INCOMPLETE)) throw failureOf(doing, status, stderr);
    return stdout;
  }

  /** A process that was killed leaves its lock; restic knows that its owner is gone, but only `unlock` looks. */
  async function run(doing: string, args: readonly string[], call?: Call): Promise<string> {
    const end = performance.now() + (call?.patienceMs ?? patienceMs);
    for (;;) {
      try {
        return await once(doing, args, call);
      } catch (error) {
        if (!(error instanceof ResticFailure) || error.kind !== 'locked' || performance.now() > end) throw error;
        await once('Remove stale locks', ['unlock']);
        await sleep(RETRY_MS);
      }
    }
  }

  return { once, run };
}
