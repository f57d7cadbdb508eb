import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { firstLoad } from '../../supervisor/sites/budgets.ts';
import { createPublished } from '../../supervisor/sites/publish.ts';
import { readSites, type Site } from '../../supervisor/sites/site.ts';
import { missingPackage } from '../../supervisor/sites/site-inputs.ts';
import { sitePaths } from '../../supervisor/sites/site-paths.ts';
import { checkout } from '../checkout.ts';
import type { Facts } from './facts.ts';
import { fail, ok, type Verdict, warn } from './finding.ts';

export async function checkSites({ home, running }: Facts): Promise<Verdict | undefined> {
  if (!home || !running) return undefined;
  const verdicts = await Promise.all((await readSites(checkout)).map((site) => examineSite(site, home.run)));
  return (
    verdicts.find(({ state }) => state === 'fail') ?? verdicts.find(({ state }) => state === 'warn') ?? verdicts[0]
  );
}

/** Whether what the edge serves of a site is there as a whole. */
export async function examineSite(site: Site, run: string): Promise<Verdict> {
  const { name, manifest } = site;
  const release = await createPublished(run, name).current();
  if (release === undefined) {
    const missing = missingPackage(site);
    const hint = `pandect deploy ${name}`;
    return missing === undefined
      ? warn(`"${name}" is not built`, hint)
      : warn(`"${name}" is not built: package "${missing}" is not installed`, `./scripts/setup, then ${hint}`);
  }
  const { folder, pages } = sitePaths(run, name);
  for (const entry of manifest.entries) {
    try {
      firstLoad(entry, (path) => readIfThere(join(path === entry ? pages(release) : folder, path)));
    } catch (error) {
      return fail(
        `"${name}": ${(error as Error).message}`,
        'restart the platform, which puts it back from the release',
      );
    }
  }
  return ok(`"${name}" serves release ${release}`);
}

const readIfThere = (path: string) => (existsSync(path) ? readFileSync(path) : undefined);
