import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Unit } from '../unit.ts';
import { type DiskRoom, diskRoom, isShort } from './disk-room.ts';
import type { Release } from './release.ts';

const KEPT = 10;
const KEPT_WHEN_SHORT = 2;

/** Releases of a unit on disk, newest first. */
export async function listReleases(releases: string, unit: string): Promise<(Release & { builtAt: Date })[]> {
  const names = await readdir(join(releases, unit)).catch(() => [] as string[]);
  const found = await Promise.all(
    names
      .filter((name) => !name.startsWith('.'))
      .map(async (id) => {
        const folder = join(releases, unit, id);
        const { mtime } = await stat(folder);
        return { ...releaseAt(releases, unit, id), builtAt: mtime };
      }),
  );
  return found.toSorted((a, b) => b.builtAt.getTime() - a.builtAt.getTime());
}

/** A release by its id, whether it is kept or not. */
export const releaseAt = (releases: string, unit: string, id: string): Release => {
  const folder = join(releases, unit, id);
  return { id, unit, folder, entry: join(folder, 'main.js') };
};

/** Where a release came from. */
export interface ReleaseOrigin {
  /** Git revision of the checkout, with `+` behind it when files had been changed since. */
  revision?: string;
  /** Of what source; none: of a checkout on the host. */
  from?: 'image' | 'push';
  /** Login name of who pushed it. */
  by?: string;
  /** Of everything in its folder. */
  bytes?: number;
}

/** `push by anna`, `image` or `checkout`. */
export const describeOrigin = ({ from, by }: ReleaseOrigin): string =>
  by === undefined ? (from ?? 'checkout') : `${from} by ${by}`;

const originPath = ({ folder }: Pick<Release, 'folder'>) => join(folder, 'origin.json');

export async function releaseOrigin(release: Release): Promise<ReleaseOrigin> {
  return readFile(originPath(release), 'utf8').then(JSON.parse, () => ({})); // a folder of an earlier version has none
}

export const saveOrigin = (release: Pick<Release, 'folder'>, origin: ReleaseOrigin): Promise<void> =>
  writeFile(originPath(release), JSON.stringify(origin));

/** The manifest that a release was made with. */
export async function releaseManifest(release: Release): Promise<Unit['manifest']> {
  return JSON.parse(await readFile(join(release.folder, 'manifest.json'), 'utf8'));
}

/**
 * Removes the oldest releases beyond those kept, fewer where the disk is short, except those in use, and what builds left that were cut off.
 * @param inUse ids of those that serve or served last
 */
export async function pruneReleases(
  releases: string,
  unit: string,
  inUse: readonly string[],
  room: (folder: string) => Promise<DiskRoom> = diskRoom,
): Promise<void> {
  const all = await listReleases(releases, unit);
  const kept = all.length > KEPT_WHEN_SHORT && isShort(await room(releases)) ? KEPT_WHEN_SHORT : KEPT;
  const surplus = all.slice(kept).filter(({ id }) => !inUse.includes(id));
  // Up to version 0.1 a release kept the passwords it was built with.
  for (const { folder } of all) await rm(join(folder, 'environment.json'), { force: true });
  const drafts = (await readdir(join(releases, unit)).catch(() => [])).filter((name) => name.startsWith('.draft-'));
  for (const folder of [
    ...surplus.map((release) => release.folder),
    ...drafts.map((name) => join(releases, unit, name)),
  ]) {
    await rm(folder, { recursive: true, force: true });
  }
}
