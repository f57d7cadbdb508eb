import type { ProcessEntry } from '../../home/journal.ts';
import { isDescribed } from '../../release/description.ts';
import type { Release } from '../../release/release.ts';
import { isUpToDate, type Marks } from '../../release/release-inputs.ts';
import { listReleases } from '../../release/releases.ts';
import type { Unit } from '../../unit.ts';
import type { Change } from '../change.ts';
import { keptRelease, pruneKept, withManifestOf } from '../kept-release.ts';
import type { ManagedUnit } from '../managed-unit.ts';
import { makeProcesses, move, startProcesses } from '../move.ts';
import { startCount } from '../state.ts';
import { adopt } from './adopt.ts';
import { renew } from './renew.ts';
import { replace } from './replace.ts';

export interface StartOptions {
  /** Start what ran last, whatever the checkout holds now. */
  restore: boolean;
  /** Processes of this unit that an earlier supervisor left. */
  found: readonly ProcessEntry[];
  /** Of the checkout at this start. */
  marks: Marks;
}

/** A release and the unit as it was when that was built. */
interface Kept {
  release: Release;
  unit: Unit;
}

const atOnce = { watch: 0, wait: false } as const;

/**
 * The first thing that happens to a unit. Processes of an earlier supervisor stay, and what they serve is replaced only
 * when the checkout holds something new; a function that may sleep is left asleep.
 */
export async function start(change: Change, { restore, found, marks }: StartOptions): Promise<void> {
  const { managed } = change;
  await pruneKept(managed);
  await managed.activation?.listen();
  const release = await keptRelease(managed, managed.state.record.release);
  const kept = release && { release, unit: await withManifestOf(managed, release) };
  await adopt(managed, found, kept);
  const isCurrent = kept !== undefined && (await isUpToDate(kept.release, managed.tools.root, marks));
  if (kept && (restore || wasChosen(managed) || isCurrent)) await startKept(change, kept, { restore, isCurrent });
  else await startBuilt(change, kept, marks);
}

/** Keeps what ran last, or starts it again. */
async function startKept(
  change: Change,
  { release, unit }: Kept,
  { restore, isCurrent }: { restore: boolean; isCurrent: boolean },
): Promise<void> {
  const { managed, report, since } = change;
  const advice = `the checkout has changed since; pandect deploy ${managed.name} brings it`;
  const message = isCurrent ? {} : { message: advice };
  if (managed.state.current) {
    if (await renewed(change)) report({ step: 'done', release: release.id, ms: since(), ...message });
    return;
  }
  if (unit.kind === 'function' && unit.manifest.instances.min === 0 && isDescribed(release)) {
    await move(managed, { event: 'switched', to: await startProcesses(managed, unit, release, 0) });
    return report({ step: 'done', release: release.id, ms: since(), message: 'asleep' });
  }
  try {
    await replace(change, undefined, unit, release, atOnce);
  } catch (error) {
    // A service that comes back after a reboot has all the others to serve; this one is tried again and again.
    if (!restore) throw error;
    report({ step: 'failed', release: release.id, message: (error as Error).message, ...logOf(error) });
    const processes = makeProcesses(managed, unit, release);
    processes.adopt([], startCount(unit, managed.state.record, 1));
    await move(managed, { event: 'switched', to: processes });
  }
}

/** A release on disk that is of the very files of the checkout: one that was replaced since, or came with the home. */
async function builtBefore(
  { name, tools: { folders, root } }: ManagedUnit,
  marks: Marks,
): Promise<Release | undefined> {
  for (const release of await listReleases(folders.releases, name)) {
    if (await isUpToDate(release, root, marks)) return release;
  }
  return undefined;
}

/** What the checkout holds is built, unless it was before, and started; where it does not start, what ran last is. */
async function startBuilt(change: Change, kept: Kept | undefined, marks: Marks): Promise<void> {
  const { managed, report, since } = change;
  const { build, root, folders } = managed.tools;
  try {
    const built =
      (await builtBefore(managed, marks)) ?? (await build(managed.declared, { root, releases: folders.releases }));
    if (built.id !== managed.state.current?.release.id) {
      return await replace(change, 'deploy', await withManifestOf(managed, built), built, atOnce);
    }
    // Its files were written again with the same content.
    if (await renewed(change)) report({ step: 'done', release: built.id, ms: since() });
  } catch (error) {
    if (!kept) throw error;
    const message = `${(error as Error).message}; release ${kept.release.id} is started instead`;
    report({ step: 'fallback', release: kept.release.id, message, ...logOf(error) });
    if (managed.state.current) await renewed(change);
    else await replace(change, undefined, kept.unit, kept.release, atOnce);
  }
}

/** What runs stays as it is where a changed setting keeps its successor from starting. @returns whether all is of now */
async function renewed({ managed, report }: Change): Promise<boolean> {
  try {
    await renew(managed.state);
    return true;
  } catch (error) {
    const release = managed.state.current?.release.id;
    report({ step: 'fallback', message: (error as Error).message, ...(release && { release }), ...logOf(error) });
    return false;
  }
}

/** The release was preferred to a later one, by an operator or since that one failed. */
const wasChosen = ({ state }: ManagedUnit): boolean => {
  const last = state.record.history.at(-1);
  return last?.action === 'rollback' || last?.restored !== undefined;
};

const logOf = (error: unknown) => (error instanceof Error && 'log' in error ? { log: String(error.log) } : {});
