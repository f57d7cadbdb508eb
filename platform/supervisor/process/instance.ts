import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { figuresPath } from '../../kernel/paths/figures-path.ts';
import { asUser, type ProcessUser } from '../../services/process-user.ts';
import type { KillRow } from '../control/contract.ts';
import type { ProcessEntry } from '../home/journal.ts';
import { tailLog } from '../logs/tail-log.ts';
import type { Release } from '../release/release.ts';
import type { Unit } from '../unit.ts';
import { isSame, startTimeOf } from './identity.ts';
import { askInstance } from './probe.ts';
import type { SpawnPlan } from './spawn-plan.ts';

/** starting → ready → draining → stopped; starting, ready or draining → crashed. */
export const instanceStates = ['starting', 'ready', 'draining', 'stopped', 'crashed'] as const;
export type InstanceState = (typeof instanceStates)[number];

/** How a process finished. */
export interface End {
  /** Undefined when it was asked to end and did so in time. */
  reason: KillRow['reason'] | undefined;
  /** In words: `SIGKILL`, `exit status 1`, `took 412 MiB of 256`. */
  detail: string;
}

/** One process of a release. */
export interface Instance {
  readonly id: string;
  readonly unit: string;
  readonly release: string;
  readonly pid: number;
  readonly startTime: string;
  readonly socket: string;
  /** Digest of the environment it was started with; undefined for one of a version that kept none. */
  readonly settings: string | undefined;
  readonly startedAt: Date;
  /** Milliseconds since the epoch at which it was spawned. */
  readonly spawnedAt: number;
  /** Milliseconds from spawn to readiness. */
  readonly startMs: number | undefined;
  readonly state: InstanceState;
  /** Resolves when it can take requests or jobs. @throws StartFailure; the process is gone then */
  readonly ready: Promise<void>;
  /** Resolves when the process has ended. */
  readonly ended: Promise<End>;
  /**
   * Lets the process finish what it has, for so many seconds at most (30); resolves when it has ended. Of several calls the
   * earliest end counts.
   * @param because what it is replaced for, when that is the process's own doing
   */
  stop(seconds?: number, because?: End): Promise<void>;
  /** Ends it at once, for this reason. */
  kill(end?: End): void;
  /** Its last log lines. */
  logTail(): Promise<string>;
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
  /** Digest of the environment in the plan. */
  settings: string;
  logFile: string;
  user: ProcessUser | undefined;
  readySeconds: number;
  /** The process of this plan, where it was started ahead of its time. */
  prepared?: ChildProcess | undefined;
}

/** Starts a process. Its output goes to a file, not to a pipe, so it does not depend on us. */
export async function spawnInstance(unit: Unit, release: Release, options: SpawnOptions): Promise<Instance> {
  const { id, plan, settings, logFile, user, readySeconds } = options;
  const socket = plan.env.PANDECT_SOCKET as string;
  if (!options.prepared) await rm(socket, { force: true });
  const log = await open(logFile, 'a', 0o600);
  const logStart = (await log.stat()).size;
  const start = asUser(user, plan.command, plan.args, plan.env);
  const spawnedAt = performance.timeOrigin + performance.now();
  const child =
    options.prepared ??
    spawn(start.command, start.args, {
      cwd: plan.cwd,
      env: start.env,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `exit status ${code}`));
  });
  await log.close();
  const pid = child.pid ?? 0;
  return createInstance({
    entry: { unit: unit.name, id, release: release.id, pid, startTime: startTimeOf(pid) ?? '', socket, settings },
    startedAt: new Date(),
    spawnedAt,
    state: 'starting',
    startMs: () => Math.round(performance.timeOrigin + performance.now() - spawnedAt),
    ended,
    wasOrderly: (detail) => detail === 'exit status 0',
    readySeconds,
    logTail: () => tailLog(logFile, logStart),
  });
}

/** Looks whether an adopted process is still there: its parent is gone, so no one tells us. */
const LOOK_MS = 200;

/** Takes over a process that an earlier supervisor started; undefined when it is gone. */
export function adoptInstance(
  entry: ProcessEntry,
  { logFile, readySeconds }: Pick<SpawnOptions, 'logFile' | 'readySeconds'>,
): Instance | undefined {
  if (!isSame(entry)) return undefined;
  const ended = new Promise<string>((resolve) => {
    const timer = setInterval(() => {
      if (isSame(entry)) return;
      clearInterval(timer);
      resolve('ended');
    }, LOOK_MS);
    timer.unref();
  });
  return createInstance({
    entry,
    startedAt: new Date(entry.startedAt),
    spawnedAt: Date.parse(entry.startedAt),
    state: entry.role === 'replaced' ? 'draining' : entry.startMs === undefined ? 'starting' : 'ready',
    startMs: () => entry.startMs ?? Math.round(Date.now() - Date.parse(entry.startedAt)),
    ended,
    // Its exit status is not ours to see; a process that ends in good order leaves its figures.
    wasOrderly: () => existsSync(figuresPath(entry.socket)),
    readySeconds,
    logTail: () => tailLog(logFile),
  });
}

interface Parts {
  entry: Pick<ProcessEntry, 'unit' | 'id' | 'release' | 'pid' | 'startTime' | 'socket' | 'settings'>;
  startedAt: Date;
  spawnedAt: number;
  state: InstanceState;
  startMs(): number;
  /** Resolves with the exit status or the signal. */
  ended: Promise<string>;
  wasOrderly(detail: string): boolean;
  readySeconds: number;
  logTail(): Promise<string>;
}

function createInstance(parts: Parts): Instance {
  const { entry, startedAt, spawnedAt, ended, wasOrderly, readySeconds, logTail } = parts;
  let { state } = parts;
  let startMs = state === 'starting' ? undefined : parts.startMs();
  let why: End | undefined;
  let replacedFor: End | undefined;
  let overdue: NodeJS.Timeout | undefined;
  let endsAt = Number.POSITIVE_INFINITY;
  let isAsked = false;

  const kill = (end?: End) => {
    why ??= end;
    signal(entry, 'SIGKILL');
  };
  const over = ended.then(async (detail): Promise<End> => {
    clearTimeout(overdue);
    const asked = state === 'draining';
    state = asked && !why ? 'stopped' : 'crashed';
    // Only what was known then: anyone who waited for its readiness is about to say that it never came.
    const known = why ?? replacedFor;
    await rm(entry.socket, { force: true });
    if (known) return known;
    return { reason: asked || wasOrderly(detail) ? undefined : 'crash', detail };
  });

  const becomeReady = async () => {
    try {
      await untilReady(entry.socket, ended, readySeconds);
    } catch (error) {
      const { message } = error as Error;
      kill({ reason: 'not-ready', detail: message });
      await ended;
      throw new StartFailure(`Start "${entry.unit}": ${message}`, await logTail());
    }
    startMs = parts.startMs();
    if (state === 'starting') state = 'ready';
  };
  const ready = state === 'starting' ? becomeReady() : Promise.resolve();
  ready.catch(() => {}); // anyone who waits for it hears of it; anyone who stops it first does not care

  return {
    ...entry,
    settings: entry.settings,
    startedAt,
    spawnedAt,
    get startMs() {
      return startMs;
    },
    get state() {
      return state;
    },
    ready,
    ended: over,
    async stop(seconds = 30, because) {
      replacedFor ??= because;
      if (state === 'ready' || state === 'starting') state = 'draining';
      // Also one that an earlier supervisor had replaced: it may have been killed before it could ask.
      if (state === 'draining' && !isAsked) {
        isAsked = true;
        signal(entry, 'SIGTERM');
      }
      const detail = `still busy ${seconds} s after it was asked to end`;
      if (performance.now() + seconds * 1000 < endsAt) {
        endsAt = performance.now() + seconds * 1000;
        clearTimeout(overdue);
        overdue = setTimeout(() => kill({ reason: 'drain-timeout', detail }), seconds * 1000);
      }
      await over;
    },
    kill,
    logTail,
  };
}

function signal(entry: Parts['entry'], name: NodeJS.Signals): void {
  if (!isSame(entry)) return;
  try {
    process.kill(entry.pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

const READY_LOOK_MS = 5;

async function untilReady(socket: string, ended: Promise<string>, seconds: number): Promise<void> {
  let end: string | undefined;
  void ended.then((reason) => {
    end = reason;
  });
  const limit = performance.now() + seconds * 1000;
  let last = 'it opened no socket';
  while (performance.now() < limit) {
    if (end !== undefined) throw new Error(`ended before it was ready: ${end}`);
    // To look for the socket takes a tenth of asking in vain, which would slow down what starts at the same time.
    if (existsSync(socket)) {
      try {
        await askInstance(socket, '/_pandect/ready');
        return;
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        if (code !== 'ENOENT' && code !== 'ECONNREFUSED') last = message;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, READY_LOOK_MS));
  }
  throw new Error(`not ready within ${seconds} s: ${last}`);
}
