import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Home } from '../../platform/services/home.ts';
import { isUpToDate, type Marks } from '../../platform/supervisor/release/release-inputs.ts';
import { listReleases } from '../../platform/supervisor/release/releases.ts';

/**
 * Releases that platforms of this test run have built. A start that finds one of the very same files does not build it, and
 * building all units takes a core half a minute: the first platform does, the others are given what it has built.
 */
const store = process.env.PANDECT_TEST_RELEASES;

/** What a process has told of a release while it ran; a platform that has just been made knows nothing of that. */
const descriptions = 'openapi.json';

/** What releases are made of. */
const places = ['functions', 'workers', '.'];

/** Puts into a new home what was built from the files of this checkout. */
export async function giveReleases({ releases }: Pick<Home, 'releases'>, root: string): Promise<void> {
  if (store === undefined) return;
  const units = new Set((await Promise.all(places.map((place) => readdir(join(root, place))))).flat());
  const marks: Marks = new Map();
  for (const unit of await readdir(store)) {
    if (existsSync(join(releases, unit))) continue; // a home that was started before has its own
    if (!units.has(unit)) continue;
    for (const release of await listReleases(store, unit)) {
      if (!(await isUpToDate(release, root, marks))) continue;
      await copyFolder(release.folder, join(releases, unit), release.id);
      break;
    }
  }
}

/** Keeps what a platform has built for those that start later. */
export async function keepReleases({ releases }: Pick<Home, 'releases'>): Promise<void> {
  if (store === undefined) return;
  for (const unit of await readdir(releases)) {
    for (const { id, folder } of await listReleases(releases, unit)) {
      if (!existsSync(join(store, unit, id))) await copyFolder(folder, join(store, unit), id);
    }
  }
}

/** Owners, modes and times stay; another process sees the whole folder or none. */
async function copyFolder(from: string, parent: string, name: string): Promise<void> {
  await mkdir(parent, { recursive: true });
  const draft = await mkdtemp(join(parent, '.draft-'));
  await promisify(execFile)('cp', ['-a', from, join(draft, name)]);
  await rm(join(draft, name, descriptions), { force: true });
  // Two may have copied the same one.
  await rename(join(draft, name), join(parent, name)).catch((error) => {
    if (!['ENOTEMPTY', 'EEXIST'].includes(error.code)) throw error;
  });
  await rm(draft, { recursive: true });
}
