import { existsSync, readdirSync } from 'node:fs';
import { readFile, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { migrationsFolder } from '../../../db/migrations-folder.ts';
import { majorOfPrograms } from '../../services/postgres-major.ts';
import type { Manifest } from '../manifest.ts';
import { sizeOf } from '../manifest.ts';
import { type DumpTarget, whatIsInTheWayOfDump } from './check-dump.ts';

interface Check {
  manifest: Manifest;
  /** Where it would be restored to. */
  into: string;
  /** Folder of PostgreSQL's programs. */
  programs: string;
  /** Ids of the repository's snapshots. */
  snapshots: ReadonlySet<string>;
  /** Bytes of log to go on with. */
  log?: number;
  /** Where a dump is brought back. */
  dumpTarget?: DumpTarget;
}

const HEADROOM = 1.1;

/** Everything that stands in the way of a restore, found before anything is touched; empty when nothing does. */
export async function whatIsInTheWay(check: Check): Promise<string[]> {
  const { manifest, into, programs, snapshots, log = 0, dumpTarget: target = 'own server' } = check;
  const { database } = manifest;
  const mistakes: string[] = [];
  if (existsSync(into) && readdirSync(into).length > 0) mistakes.push(`"${into}" is not empty`);
  if (database.kind === 'dump') {
    mistakes.push(...(await whatIsInTheWayOfDump({ manifest, programs, target })));
  } else {
    const major = await majorOfPrograms(programs);
    if (major !== database.postgres) {
      mistakes.push(
        `it is of PostgreSQL ${database.postgres}, and here is ${major}: install postgresql-${database.postgres}`,
      );
    }
  }
  if (database.migration > (await newestMigration())) {
    mistakes.push(
      `its database is of a newer version than this one: use Pandect ${manifest.platform.version} or newer`,
    );
  }
  const parts = { 'database and keys': manifest.snapshots.home, files: manifest.snapshots.files };
  for (const [name, snapshot] of Object.entries(parts)) {
    const isThere = [...snapshots].some((id) => snapshot !== null && id.startsWith(snapshot));
    if (snapshot !== null && !isThere) mistakes.push(`its part "${name}" is missing in the repository`);
  }
  const room = await freeBytes(into);
  const needed = Math.ceil((sizeOf(manifest) + log) * HEADROOM);
  if (room < needed) mistakes.push(`"${into}" needs ${megabytes(needed)} MB and has ${megabytes(room)} MB`);
  return mistakes;
}

/** Time stamp of the newest migration that this version knows. */
async function newestMigration(): Promise<number> {
  const journal = z.object({ entries: z.array(z.object({ when: z.number() })) });
  const { entries } = journal.parse(
    JSON.parse(await readFile(join(migrationsFolder, 'meta', '_journal.json'), 'utf8')),
  );
  return Math.max(...entries.map(({ when }) => when));
}

async function freeBytes(path: string): Promise<number> {
  if (!existsSync(path)) return freeBytes(dirname(path));
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}

const megabytes = (bytes: number) => Math.ceil(bytes / 1_000_000);
