import type { ChangeEvent, ChangeOptions } from '../../control-contract.ts';
import type { HistoryEntry, UnitState } from '../../journal.ts';
import { releaseOrigin } from '../../release/releases.ts';
import { countOf, watchRelease } from '../../release/watch-release.ts';
import type { Serving } from '../../serving.ts';
import type { Unit } from '../../unit.ts';
import type { ReplicaSet } from '../release-processes.ts';

/** Tells of one change of one unit, with the time since it began. */
export interface Reporting {
  report(event: Omit<ChangeEvent, 'unit'>): void;
  /** Milliseconds since the change began. */
  since(): number;
}

/** The new release failed after the switch; the one before it serves again. */
export class RolledBack extends Error {
  readonly restored: string;
  readonly log: string | undefined;
  constructor(message: string, restored: string, log: string | undefined) {
    super(message);
    this.restored = restored;
    this.log = log;
  }
}

export interface Replacement {
  action: HistoryEntry['action'] | undefined;
  /** Gives the processes that shall serve, started and ready. @throws and nothing has changed */
  next(): Promise<ReplicaSet>;
}

interface ReplacementDeps {
  serving: Serving;
  state: UnitState;
  save(): Promise<void>;
}

const DRAIN_REPORT_MS = 10_000;
const WATCH_SECONDS = 5;

/**
 * One release in place of another: start, switch, watch, drain. @throws what kept the new one from starting, and nothing
 * has changed, or RolledBack
 */
export async function replaceRelease(
  { action, next }: Replacement,
  options: ChangeOptions,
  { report, since }: Reporting,
  { serving, state, save }: ReplacementDeps,
): Promise<void> {
  // A journal that cannot be written would forget the change: it is refused before anything has happened.
  await save();
  const before = serving.current;
  const counts = await countOf(before);
  const set = await next();
  const release = set.release.id;
  let { drained } = await serving.takeOver(set);
  state.release = release;
  report({ step: 'switch', release, ms: since() });
  if (action) state.history.push({ action, ...(await historyEntry(set, options.by)) });
  state.history.splice(0, state.history.length - 50);
  await save();

  const seconds = options.watch ?? WATCH_SECONDS;
  if (seconds > 0 && before && before.release.id !== release && set.wanted > 0) {
    report({ step: 'watch', release, message: `${seconds} s` });
    const reason = await watchRelease(set, counts, seconds);
    if (reason !== undefined) {
      const log = await (set.lastLoss?.instance ?? set.ready[0])?.logTail();
      ({ drained } = await restore(before, set, reason, { serving, state, save }));
      throw new RolledBack(`Release "${release}" was given up: ${reason}`, before.release.id, log);
    }
  }
  let gone = true;
  if (drained && options.wait !== false) {
    report({ step: 'drain' });
    gone = await Promise.race([drained.then(() => true), sleep(DRAIN_REPORT_MS).then(() => false)]);
  }
  report({
    step: 'done',
    release,
    ms: since(),
    ...(!gone && { message: 'the old process still finishes what it has' }),
  });
}

/** Starts the release before again; what it was able to do is known, so nobody watches. */
async function restore(
  before: ReplicaSet,
  failed: ReplicaSet,
  reason: string,
  { serving, state, save }: ReplacementDeps,
) {
  const again = serving.make(before.unit, before.release);
  await again.start(Math.max(1, failed.wanted));
  const taken = await serving.takeOver(again);
  state.release = before.release.id;
  const entry = state.history.findLast(({ release }) => release === failed.release.id);
  if (entry) entry.restored = reason;
  await save();
  return taken;
}

async function historyEntry(set: ReplicaSet, by: string | undefined): Promise<Omit<HistoryEntry, 'action'>> {
  const startMs = set.ready[0]?.startMs;
  return {
    release: set.release.id,
    at: new Date().toISOString(),
    ...(await releaseOrigin(set.release)),
    ...(by !== undefined && { by }),
    ...(startMs !== undefined && { startMs }),
  };
}

/** As many processes as ran before, within what the manifest allows. */
export function countFor({ kind, manifest: { instances } }: Unit, state: UnitState, running: number): number {
  if (state.paused) return 0;
  const least = kind === 'function' ? Math.max(1, instances.min) : instances.min;
  return Math.min(instances.max, state.scale ?? Math.max(least, running));
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms).unref());
