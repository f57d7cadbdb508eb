import { type ChildProcess, spawn } from 'node:child_process';
import { open, rm } from 'node:fs/promises';
import type { Release } from '../release/release.ts';
import type { Unit } from '../unit.ts';
import { tailLog } from './log-file.ts';
import { askInstance } from './probe.ts';

/** starting → ready → draining → stopped; starting or ready → crashed. */
export const instanceStates = ['starting', 'ready', 'draining', 'stopped', 'crashed'] as const;
export type InstanceState = (typeof instanceStates)[number];

/** One process of a release. */
export interface Instance {
  readonly id: string;
  readonly unit: string;
  readonly release: string;
  readonly pid: number;
  readonly socket: string;
  readonly startedAt: Date;
  /** Milliseconds from spawn to readiness. */
  readonly startMs: number | undefined;
  state: InstanceState;
  /** Resolves when it can take requests or jobs. @throws StartFailure; the process is gone then */
  readonly ready: Promise<void>;
  /** Resolves when the process has ended, with its exit code or signal. */
  readonly ended: Promise<string>;
  /** Lets the process finish what it has, for so many seconds at most (30); resolves when it has ended. */
  stop(seconds?: number): Promise<void>;
  kill(): void;
}

export interface SpawnPlan {
  command: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
}

/** How a release is started; a pure function of what is known about it. */
export function planSpawn(
  unit: Unit,
  release: Release,
  environment: Record<string, string>,
  process: { node: string; socket: string; instance: string; compileCache: string },
): SpawnPlan {
  return {
    command: process.node,
    args: [`--max-old-space-size=${unit.manifest.memory}`, '--max-semi-space-size=2', '--expose-gc', release.entry],
    cwd: release.folder,
    env: {
      ...environment,
      NODE_ENV: 'production',
      NODE_COMPILE_CACHE: process.compileCache,
      TZ: 'UTC',
      PANDECT_SOCKET: process.socket,
      PANDECT_INSTANCE: process.instance,
    },
  };
}

/** The process did not become ready; `log` holds its last lines. */
export class StartFailure extends Error {
  readonly log: string;
  constructor(message: string, log: string) {
    super(message);
    this.name = 'StartFailure';
    this.log = log;
  }
}

export interface SpawnOptions {
  id: string;
  plan: SpawnPlan;
  logFile: string;
  user: { uid: number; gid: number } | undefined;
  readySeconds: number;
}

/** Starts a process. Its output goes to a file, not to a pipe, so it does not depend on us. */
export async function spawnInstance(unit: Unit, release: Release, options: SpawnOptions): Promise<Instance> {
  const { id, plan, logFile, user, readySeconds } = options;
  const socket = plan.env.PANDECT_SOCKET as string;
  await rm(socket, { force: true });
  const log = await open(logFile, 'a', 0o600);
  const logStart = (await log.stat()).size;
  const started = performance.now();
  const child = spawn(plan.command, plan.args, {
    cwd: plan.cwd,
    env: plan.env,
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    ...(user && { uid: user.uid, gid: user.gid }),
  });
  const ended = endOf(child);
  await log.close();

  let startMs: number | undefined;
  const instance: Instance = {
    id,
    unit: unit.name,
    release: release.id,
    pid: child.pid ?? 0,
    socket,
    startedAt: new Date(),
    get startMs() {
      return startMs;
    },
    state: 'starting',
    ready: becomeReady(),
    ended: ended.then(async (reason) => {
      instance.state = instance.state === 'draining' ? 'stopped' : 'crashed';
      await rm(socket, { force: true });
      return reason;
    }),
    async stop(seconds = 30) {
      // A process that drains already takes a second signal as an order to end at once.
      if (instance.state === 'ready' || instance.state === 'starting') {
        instance.state = 'draining';
        child.kill('SIGTERM');
        const timer = setTimeout(() => child.kill('SIGKILL'), seconds * 1000);
        void ended.then(() => clearTimeout(timer));
      }
      await instance.ended;
    },
    kill: () => void child.kill('SIGKILL'),
  };
  return instance;

  async function becomeReady(): Promise<void> {
    try {
      await untilReady(socket, ended, readySeconds);
    } catch (error) {
      child.kill('SIGKILL');
      await ended;
      const message = `Start ${unit.kind} "${unit.name}": ${(error as Error).message}`;
      throw new StartFailure(message, await tailLog(logFile, logStart));
    }
    startMs = Math.round(performance.now() - started);
    if (instance.state === 'starting') instance.state = 'ready';
  }
}

const endOf = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `exit status ${code}`));
  });

async function untilReady(socket: string, ended: Promise<string>, seconds: number): Promise<void> {
  let end: string | undefined;
  void ended.then((reason) => {
    end = reason;
  });
  const limit = Date.now() + seconds * 1000;
  let last = 'it opened no socket';
  while (Date.now() < limit) {
    if (end !== undefined) throw new Error(`ended before it was ready: ${end}`);
    try {
      await askInstance(socket, '/_pandect/ready');
      return;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT' && code !== 'ECONNREFUSED') last = message;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`not ready within ${seconds} s: ${last}`);
}
