import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import type { Release } from '../release/release.ts';
import { isUpToDate, readInputs } from '../release/release-inputs.ts';
import type { Site } from './site.ts';

/** What is made, not written, and tests, which no build reads. */
const isOther = (name: string) =>
  ['node_modules', 'dist'].includes(name) || name.startsWith('.') || /\.test\.tsx?$/.test(name);

/** The files that a site is built from, relative to the checkout. */
export async function siteInputs({ folder, manifest }: Site, root: string): Promise<string[]> {
  const places = [folder, ...manifest.sources.map((path) => join(root, path))];
  const files = (await Promise.all(places.map(filesIn))).flat();
  return files.map((path) => relative(root, path)).toSorted();
}

/** Whether a build would give this very release: its files are as they were, and there are no others. */
export async function isBuiltFrom(release: Release, site: Site, root: string): Promise<boolean> {
  if (!(await isUpToDate(release, root))) return false;
  const known = new Set(Object.keys(await readInputs(release)));
  return (await siteInputs(site, root)).every((path) => known.has(path));
}

/** The first package that its build needs and this host does not have. */
export function missingPackage({ folder, manifest }: Site): string | undefined {
  const places = createRequire(join(folder, 'package.json')).resolve.paths('any') ?? [];
  return manifest.packages.find((name) => !places.some((place) => existsSync(join(place, name, 'package.json'))));
}

async function filesIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (!entries) return [path];
  const kept = entries.filter(({ name }) => !isOther(name));
  const found = await Promise.all(
    kept.map((entry) => (entry.isDirectory() ? filesIn(join(path, entry.name)) : [join(path, entry.name)])),
  );
  return found.flat();
}
