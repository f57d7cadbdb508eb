import type { ChangeOptions } from '../../control/contract.ts';
import type { HistoryEntry } from '../../home/journal.ts';
import type { Release } from '../../release/release.ts';
import { releaseOrigin } from '../../release/releases.ts';
import { countOf, watchRelease } from '../../release/watch-release.ts';
import type { Unit } from '../../unit.ts';
import { type Change, RolledBack } from '../change.ts';
import type { ManagedUnit } from '../managed-unit.ts';
import { move, note, startProcesses } from '../move.ts';
import type { ReleaseProcesses } from '../release-processes.ts';
import { startCount } from '../state.ts';

const DRAIN_REPORT_MS = 10_000;
const WATCH_SECONDS = 5;

/**
 * Puts a release in place of the one that serves. @param action for the history; undefined where the release does not
 * change by it @throws what kept it from starting, and nothing has changed, or RolledBack
 */
export async function replace(
  change: Change,
  action: HistoryEntry['action'] | undefined,
  unit: Unit,
  release: Release,
  options: ChangeOptions,
): Promise<void> {
  const { managed } = change;
  await switchTo(change, action, options, () => {
    change.report({ step: 'start', release: release.id });
    const count = startCount(unit, managed.state.record, managed.state.current?.wanted ?? 0);
    return startProcesses(managed, unit, release, count);
  });
}

/** Switch, watch, drain. @param start gives the processes that shall serve; when it throws nothing has changed */
export async function switchTo(
  { managed, report, since }: Change,
  action: HistoryEntry['action'] | undefined,
  options: ChangeOptions,
  start: () => Promise<ReleaseProcesses>,
): Promise<void> {
  const { journal } = managed.tools;
  // A journal that cannot be written would forget the change: it is refused before anything has happened.
  await journal.save();
  const before = managed.state.current;
  const counts = await countOf(before);
  const next = await start();
  const release = next.release.id;
  const { drained } = await move(managed, { event: 'switched', to: next });
  report({ step: 'switch', release, ms: since() });
  if (action) note(managed, { event: 'released', entry: { action, ...(await historyEntry(next, options.by)) } });
  await journal.save();

  const seconds = options.watch ?? WATCH_SECONDS;
  if (seconds > 0 && before && before.release.id !== release && next.wanted > 0) {
    report({ step: 'watch', release, message: `${seconds} s` });
    const reason = await watchRelease(next, counts, seconds);
    if (reason !== undefined) {
      const log = await (next.lastLoss?.instance ?? next.ready[0])?.logTail();
      await restore(managed, before, next, reason);
      throw new RolledBack(`Release "${release}" was given up: ${reason}`, before.release.id, log);
    }
  }
  let isGone = true;
  if (drained && options.wait !== false) {
    report({ step: 'drain' });
    isGone = await Promise.race([drained.then(() => true), sleep(DRAIN_REPORT_MS).then(() => false)]);
  }
  const message = isGone ? {} : { message: 'the old process still finishes what it has' };
  report({ step: 'done', release, ms: since(), ...message });
}

/** Starts the release before again; what it was able to do is known, so it is not watched. */
async function restore(managed: ManagedUnit, before: ReleaseProcesses, failed: ReleaseProcesses, reason: string) {
  const again = await startProcesses(managed, before.unit, before.release, Math.max(1, failed.wanted));
  await move(managed, { event: 'switched', to: again });
  note(managed, { event: 'rolled-back', release: failed.release.id, reason });
  await managed.tools.journal.save();
}

async function historyEntry(
  { release, ready }: ReleaseProcesses,
  by: string | undefined,
): Promise<Omit<HistoryEntry, 'action'>> {
  const startMs = ready[0]?.startMs;
  return {
    release: release.id,
    at: new Date().toISOString(),
    ...(await releaseOrigin(release)),
    ...(by !== undefined && { by }),
    ...(startMs !== undefined && { startMs }),
  };
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms).unref());
