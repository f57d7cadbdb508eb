import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Release } from '../../release/release.ts';
import { listReleases, releaseAt } from '../../release/releases.ts';
import type { ManagedSite } from '../managed-site.ts';
import { BuildFailure } from '../run-build.ts';
import type { Site } from '../site.ts';
import { missingPackage } from '../site-inputs.ts';

/** Where an image holds what was built when it was made, from the top of the checkout. */
export const SHIPPED = 'built';

/**
 * A release of what the checkout holds: built now, or, on a host that cannot build, what came with the checkout.
 * @throws BuildFailure
 */
export async function buildNow(managed: ManagedSite, site: Site): Promise<Release> {
  const { name, tools } = managed;
  const { root, folders, node } = tools;
  const missing = missingPackage(site);
  if (missing === undefined) {
    const user = await tools.userOf(name);
    const work = join(folders.cache, name);
    return tools.build(site, { root, releases: folders.releases, work, node, user });
  }
  const shipped = await takeShipped(managed);
  if (shipped) return shipped;
  throw new BuildFailure(`Build site "${name}": package "${missing}": not installed; run ./scripts/setup`, '');
}

/** The release that came with the checkout, put among the others. */
async function takeShipped({ name, tools: { root, folders } }: ManagedSite): Promise<Release | undefined> {
  const [shipped] = await listReleases(join(root, SHIPPED), name);
  if (!shipped) return undefined;
  const release = releaseAt(folders.releases, name, shipped.id);
  if ((await listReleases(folders.releases, name)).some(({ id }) => id === release.id)) return release;
  const draft = join(folders.releases, name, `.draft-${process.pid}-${release.id}`);
  await rm(draft, { recursive: true, force: true });
  await mkdir(join(folders.releases, name), { recursive: true });
  await cp(shipped.folder, draft, { recursive: true, preserveTimestamps: true });
  await rename(draft, release.folder);
  return release;
}
