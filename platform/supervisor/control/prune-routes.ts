import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { Hono } from 'hono';
import { z } from 'zod';
import { readBody } from '../../runtime/http/read-body.ts';
import { logLimits } from '../logs/keep-logs.ts';
import type { Platform } from '../platform.ts';
import { findPrunable, type Prunable } from '../prune/find-prunable.ts';
import { diskRoom } from '../release/disk-room.ts';
import { releasesInUse } from '../units/kept-release.ts';
import type { ManagedUnit } from '../units/managed-unit.ts';
import type { PruneAnswer } from './contract.ts';

const asked = z.strictObject({
  /** Fewer would leave no way back. */
  keep: z.number().int().min(2).max(1_000),
  isDryRun: z.boolean(),
});

/** What `pandect prune` asks. */
export function pruneRoutes({
  home,
  units,
  sites,
  settings,
}: Pick<Platform, 'home' | 'units' | 'sites' | 'settings'>): Hono {
  return new Hono().post('/', async (c) => {
    const { keep, isDryRun } = await readBody(c, asked);
    const found = await findPrunable({
      folders: home,
      units: units.all.map((unit) => ({ name: unit.name, inUse: releasesInUse(unit) })),
      sites: sites.all.map(({ name }) => name),
      ...{ keep, limits: logLimits(settings.source), now: new Date() },
    });
    const removed: Prunable[] = [];
    for (const each of found) {
      if (!isDryRun) {
        if (isWantedSince(units.all, each)) continue;
        await rm(each.path, { recursive: true, force: true });
      }
      removed.push(each);
    }
    const groups = Map.groupBy(removed, ({ what, name }) => `${what} ${name}`);
    const rows = [...groups.values()].flatMap((all) => {
      const [first] = all;
      if (!first) return [];
      const bytes = all.reduce((sum, each) => sum + each.bytes, 0);
      return [{ what: first.what, name: first.name, count: all.length, bytes }];
    });
    return c.json({ rows, isDryRun, disk: await diskRoom(home.root) } satisfies PruneAnswer);
  });
}

/** Whether a change has begun since a release was found, which may be about to start it: a rollback, or a source from before. */
function isWantedSince(units: readonly ManagedUnit[], { what, name, path }: Prunable): boolean {
  const unit = what === 'release' ? units.find((each) => each.name === name) : undefined;
  return unit !== undefined && (unit.lock.isHeld || releasesInUse(unit).includes(basename(path)));
}
