import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { SiteManifest } from '../../kernel/manifest.ts';

/** Pages and files that the edge serves by itself: a folder with a `site.ts` at the top of the checkout. */
export interface Site {
  name: string;
  folder: string;
  manifest: SiteManifest;
}

const FILE = 'site.ts';

/** All sites of a checkout, in order of their names. @throws with the mistakes of a manifest, or when two have one path */
export async function readSites(root: string): Promise<Site[]> {
  const entries = await readdir(root, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory() && /^[a-z][a-z0-9-]*$/.test(entry.name));
  const found = names.map(({ name }) => name).filter((name) => existsSync(join(root, name, FILE)));
  const sites = await Promise.all(found.toSorted().map((name) => readManifest(root, name)));
  const [first, second] = sites;
  if (first && second) {
    throw new Error(`Read manifests of sites: "${first.name}" and "${second.name}": both have the path "/"`);
  }
  return sites;
}

/** One of them as its folder says now; undefined when there is none. @throws with all mistakes of its manifest */
export async function readSite(root: string, name: string): Promise<Site | undefined> {
  return existsSync(join(root, name, FILE)) ? readManifest(root, name) : undefined;
}

async function readManifest(root: string, name: string): Promise<Site> {
  const folder = join(root, name);
  const path = join(folder, FILE);
  try {
    // As for functions: a long-running supervisor reads an edited manifest again.
    const { mtimeNs, size } = await stat(path, { bigint: true });
    const { default: manifest } = await import(`${pathToFileURL(path).href}?at=${mtimeNs}-${size}`);
    return { name, folder, manifest };
  } catch (cause) {
    throw new Error(`Read manifest of site "${name}": ${(cause as Error).message}`, { cause });
  }
}
