import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Release } from './release.ts';

const KEPT = 10;

/** Releases of a unit on disk, newest first. */
export async function listReleases(releases: string, unit: string): Promise<(Release & { builtAt: Date })[]> {
  const names = await readdir(join(releases, unit)).catch(() => [] as string[]);
  const found = await Promise.all(
    names
      .filter((name) => !name.startsWith('.'))
      .map(async (id) => {
        const folder = join(releases, unit, id);
        const { mtime } = await stat(folder);
        return { id, unit, folder, entry: join(folder, 'main.js'), builtAt: mtime };
      }),
  );
  return found.toSorted((a, b) => b.builtAt.getTime() - a.builtAt.getTime());
}

/** The environment that a release was made with. */
export async function releaseEnvironment(release: Release): Promise<Record<string, string>> {
  return JSON.parse(await readFile(join(release.folder, 'environment.json'), 'utf8'));
}

/** Removes the oldest releases beyond those kept; what runs or ran last is never among them. */
export async function pruneReleases(releases: string, unit: string, inUse: ReadonlySet<string>): Promise<void> {
  const surplus = (await listReleases(releases, unit)).slice(KEPT).filter((release) => !inUse.has(release.id));
  for (const release of surplus) await rm(release.folder, { recursive: true, force: true });
}
