/** What the command line and a running platform say to each other over the control socket; see `control.ts`. */

import type { ReleaseState } from '../release/release.ts';

/** What happens during a change, in order; `done`, `unchanged`, `restored` and `failed` end it. */
export interface ChangeEvent {
  unit: string;
  step:
    | 'build'
    | 'start'
    | 'switch'
    | 'watch'
    | 'drain'
    | 'canary'
    | 'preview'
    | 'fallback'
    | 'done'
    | 'unchanged'
    /** Concerns no unit: what was pushed, and what is built from from now on. */
    | 'source'
    /** Concerns no unit: what of changed settings is not in effect yet, and what to do. */
    | 'settings'
    /** The new release was given up after the switch, and the one before it serves again. */
    | 'restored'
    | 'failed';
  release?: string;
  /** Since the change began. */
  ms?: number;
  /** Of `preview`: the paths it is reachable at, parted by spaces. */
  message?: string;
  /** Last log lines of a process that failed. */
  log?: string;
  /** Of `failed`: another change of the unit was under way, so that nothing was begun. */
  isBusy?: true;
}
export type Report = (event: ChangeEvent) => void;

/** Who asked for a change, and how it is to be made. Bodies of `POST /deploy`, `/rollback`, `/restart`, …. */
export interface ChangeOptions {
  /** The operator's login name. */
  by?: string | undefined;
  /** Seconds after the switch in which crashes and errors restore the release before; 0 does not watch. */
  watch?: number | undefined;
  /** False: the change is done as soon as traffic is on the new release and the watch is over. */
  wait?: boolean | undefined;
}

/** The last line of every answer that comes line by line. */
export interface Outcome {
  ok: boolean;
}

/** A line of the answer to `POST /stop`, before the last one: what is being ended. */
export interface StopEvent {
  message: string;
}

/** The body of an answer with a status other than 200. */
export interface Refusal {
  message: string;
}

/** The running platform; `GET /status`. */
export interface Status {
  url: string;
  /** The supervisor's process. */
  pid: number;
  version: string;
  startedAt: string;
  /** Whether everything but the supervisor stays up at SIGTERM. */
  keep: boolean;
}

/** How many processes a unit has; the answer to `POST /scale`. */
export interface Scale {
  unit: string;
  /** Fixed by the operator; null: by load, between the manifest's bounds. */
  instances: number | null;
  min: number;
  max: number;
}

/** A line of `pandect ps`. */
export interface ProcessRow {
  name: string;
  kind: 'function' | 'worker' | 'site' | 'service';
  /**
   * A state of `instanceStates`, `canary`, `preview`, or `asleep`, `paused`, `backing off`, `down` where nothing runs; of a site, which
   * has no process, `serving`, `preview` or `not built`.
   */
  state: string;
  release: string;
  pid: number;
  startMs: number | undefined;
  uptimeSeconds: number | undefined;
  restarts: number;
  /** What its release was built from: `checkout`, `image` or `push by anna`; empty for a service. */
  from: string;
  /** Memory that is this process's alone. */
  memoryBytes: number | undefined;
  /** Why its unit has fewer processes than the load or the operator asks for. */
  held?: string | undefined;
}

/** A kept release; a line of `pandect releases`. */
export interface ReleaseRow {
  release: string;
  state: ReleaseState;
  builtAt: string;
  current: boolean;
  bytes: number;
  /** Git revision of the checkout it was built from, `+` behind it when files had been changed since. */
  revision: string | undefined;
  /** What it was built from: `checkout`, `image` or `push by anna`. */
  from: string;
  deployedAt: string | undefined;
  /** Who did, also of a canary; missing where a start of the platform brought it. */
  deployedBy: string | undefined;
  startMs: number | undefined;
}

/** One change that was made; a line of `pandect history`. */
export interface HistoryRow {
  release: string;
  at: string;
  action: 'deploy' | 'rollback' | 'promote';
  by: string | undefined;
  revision: string | undefined;
  bytes: number | undefined;
  startMs: number | undefined;
  outcome: 'done' | 'restored';
  /** Why it was restored. */
  reason: string | undefined;
}

/** Why a process ended that no one had asked to end, or was ended; a line of `pandect kills`. */
export const endReasons = ['crash', 'memory', 'unresponsive', 'not-ready', 'drain-timeout', 'jobs-done'] as const;
export interface KillRow {
  at: string;
  unit: string;
  release: string;
  pid: number;
  reason: (typeof endReasons)[number];
  /** In words: `took 412 MiB of 256`, `SIGSEGV`. */
  detail: string;
}

/** What `pandect prune` removed, or would. */
export interface PruneAnswer {
  rows: { what: string; name: string; count: number; bytes: number }[];
  isDryRun: boolean;
  disk: { freeBytes: number; totalBytes: number };
}

/** Errors of the same unit, name and place; a line of `pandect errors`. None of this was written by a user. */
export interface ErrorRow {
  unit: string;
  /** The slug of a problem, or the name of an error with its code: `PostgresError 42P01`. */
  name: string;
  /** Where the last one was thrown: `functions/ask/app.ts:12 createApp`; null without a stack. */
  frame: string | null;
  /** Since the time that was asked for. */
  count: number;
  total: number;
  firstSeen: string;
  lastSeen: string;
  /** Of the last one; null for the supervisor's own. */
  release: string | null;
  /** What was tried and what went wrong, the last time. */
  example: string;
}

/** Figures of one unit for `pandect top`; counts are totals of the processes that run. */
export interface TopRow {
  name: string;
  kind: 'function' | 'worker';
  instances: number;
  wanted: number;
  inFlight: number;
  begun: number;
  failed: number;
  refused: number;
  durations: { bounds: readonly number[]; counts: readonly number[] };
  memoryBytes: number;
  /** Workers: jobs that wait, and the age of the oldest of them. */
  waiting?: number;
  oldestSeconds?: number;
  /** Functions that sleep: the last wakes, newest last. */
  wakes?: readonly Wake[];
}

/** Milliseconds that the stages of waking a function took. */
export interface Wake {
  at: string;
  queued: number;
  spawn: number;
  load: number;
  ready: number;
  total: number;
}
