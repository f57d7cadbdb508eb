import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type LogLimits, lessOf, partsBeyond } from '../logs/keep-logs.ts';
import { logNames } from '../logs/log-parts.ts';
import { folderSize } from '../release/build.ts';
import { listReleases } from '../release/releases.ts';

/** What the platform can do without. */
export interface Prunable {
  what: 'release' | 'compiled code' | 'log';
  /** Of the unit or the log. */
  name: string;
  path: string;
  bytes: number;
}

export interface PruneScope {
  folders: { releases: string; cache: string; logs: string };
  /** Functions and workers, with the releases that serve or served last. */
  units: readonly { name: string; inUse: readonly string[] }[];
  /** What else has a folder of its own in the cache. */
  sites: readonly string[];
  /** Releases of each unit that stay. */
  keep: number;
  limits: LogLimits;
  now: Date;
}

/** Releases beyond those kept, code that Node.js compiled for none that is kept, and logs beyond what a short disk has room for. */
export async function findPrunable({ folders, units, sites, keep, limits, now }: PruneScope): Promise<Prunable[]> {
  const ofUnits = await Promise.all(units.map((unit) => ofUnit(folders, unit, keep)));
  const known = [...sites, ...units.map(({ name }) => name)];
  const gone = (await readdir(folders.cache)).filter((name) => !known.includes(name));
  const ofGone = gone.map((name) => filesBefore(join(folders.cache, name), name, undefined));
  const logs = (await logNames(folders.logs)).map((name) => join(folders.logs, `${name}.log`));
  const parts = (await partsBeyond(logs, lessOf(limits), now)).map(
    ({ path, bytes }): Prunable => ({ what: 'log', name: basename(path).replace(/\.log\..*$/, ''), path, bytes }),
  );
  return [...ofUnits.flat(), ...(await Promise.all(ofGone)).flat(), ...parts];
}

async function ofUnit(
  folders: PruneScope['folders'],
  { name, inUse }: PruneScope['units'][number],
  keep: number,
): Promise<Prunable[]> {
  const all = await listReleases(folders.releases, name);
  const surplus = all.slice(keep).filter(({ id }) => !inUse.includes(id));
  const kept = all.filter((release) => !surplus.includes(release));
  // Code is compiled after its release was built.
  const compiled = kept.length === 0 ? [] : await filesBefore(join(folders.cache, name), name, kept.at(-1)?.builtAt);
  const releases = surplus.map(
    async ({ folder }): Promise<Prunable> => ({
      ...{ what: 'release', name, path: folder },
      bytes: await folderSize(folder),
    }),
  );
  return [...(await Promise.all(releases)), ...compiled];
}

/** @param before undefined for all files */
async function filesBefore(folder: string, name: string, before: Date | undefined): Promise<Prunable[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const found = entries
    .filter((entry) => entry.isFile())
    .map(async (entry): Promise<Prunable[]> => {
      const path = join(entry.parentPath, entry.name);
      const file = await stat(path).catch(() => undefined); // replaced in between
      if (!file || (before && file.mtime >= before)) return [];
      return [{ what: 'compiled code', name, path, bytes: file.size }];
    });
  return (await Promise.all(found)).flat();
}
