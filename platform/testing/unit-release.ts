import { join } from 'node:path';
import { stop } from 'esbuild';
import { openOnce } from '../kernel/calls/open-once.ts';
import { buildRelease } from '../supervisor/release/build.ts';
import { createBundler } from '../supervisor/release/bundle.ts';
import type { Release } from '../supervisor/release/release.ts';
import { isUpToDate } from '../supervisor/release/release-inputs.ts';
import { listReleases } from '../supervisor/release/releases.ts';
import { readUnit } from '../supervisor/unit.ts';

const root = join(import.meta.dirname, '../..');
const found = new Map<string, Promise<Release>>();
let last: Promise<unknown> = Promise.resolve();

/**
 * The release of a function or worker of this checkout. What one test has built, the others of the run are given, and so are the platforms
 * that tests start. A process of it starts in a fifth of the time that one from the sources takes.
 */
export const unitRelease = (name: string): Promise<Release> =>
  openOnce(found, name, () => {
    // One after the other: they share the program of the bundler, which ends after each.
    const release = last.then(() => findOrBuild(name));
    last = release.catch(() => {});
    return release;
  });

async function findOrBuild(name: string): Promise<Release> {
  const releases = process.env.PANDECT_TEST_RELEASES;
  if (releases === undefined) throw new Error('Build release: vitest.config.ts names no folder for it');
  const kept = await findRelease(releases, name);
  if (kept) return kept;
  const unit = await readUnit(root, name);
  if (!unit) throw new Error(`Build release: "${name}": there is no such function or worker`);
  try {
    return await buildRelease(unit, { root, releases }, createBundler());
  } catch (error) {
    // Another process may have put the same one there first.
    const other = await findRelease(releases, name);
    if (other) return other;
    throw error;
  } finally {
    // It would complain when the worker ends without it.
    await stop();
  }
}

async function findRelease(releases: string, name: string): Promise<Release | undefined> {
  for (const release of await listReleases(releases, name)) {
    if (await isUpToDate(release, root)) return release;
  }
  return undefined;
}
