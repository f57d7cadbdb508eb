import type { Release } from '../release/release.ts';
import { listReleases, pruneReleases, releaseManifest } from '../release/releases.ts';
import type { Unit } from '../unit.ts';
import type { ManagedUnit } from './managed-unit.ts';
import { byRole } from './state.ts';

/** A release of the unit that is on disk. */
export async function keptRelease({ name, tools }: ManagedUnit, id: string | undefined): Promise<Release | undefined> {
  return (await listReleases(tools.folders.releases, name)).find((kept) => kept.id === id);
}

/** The unit as it was when the release was built, with no more memory than the operator allows. */
export async function withManifestOf({ unit, declared, tools }: ManagedUnit, release: Release): Promise<Unit> {
  const manifest = await releaseManifest(release);
  const memory = Math.min(manifest.memory, tools.mostHeapMiB() ?? manifest.memory);
  return { ...unit, ...declared, manifest: { ...manifest, memory } } as Unit;
}

/** Ids of those that have processes or served last. */
export const releasesInUse = ({ state }: ManagedUnit): string[] => [
  ...byRole(state).map(({ processes }) => processes.release.id),
  ...state.record.history.slice(-2).map(({ release }) => release),
];

/** Removes the oldest releases, but none that is in use. */
export const pruneKept = (unit: ManagedUnit): Promise<void> =>
  pruneReleases(unit.tools.folders.releases, unit.name, releasesInUse(unit));
