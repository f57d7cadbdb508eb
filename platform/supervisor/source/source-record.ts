import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { replaceFile } from '../../kernel/replace-file.ts';
import { SOURCE_ENTRIES } from './push-request.ts';

/** What a source that is not a checkout of git says of itself: that of an image, and one that was pushed. */
const sourceRecord = z.object({
  from: z.enum(['image', 'push']),
  /** When the image was built or the source arrived. */
  at: z.iso.datetime(),
  revision: z.string().optional(),
  /** Login name of who pushed it. */
  by: z.string().optional(),
  /** What was deployed from it when it was pushed. */
  units: z.array(z.string()).optional(),
  /** Id of the pushed source that it replaced; none: it replaced the platform's own. */
  after: z.string().optional(),
});
export type SourceRecord = z.output<typeof sourceRecord>;

const recordPath = (root: string) => join(root, '.source.json');

/** Undefined for a checkout. @throws when the file is there but not readable */
export async function readSourceRecord(root: string): Promise<SourceRecord | undefined> {
  const path = recordPath(root);
  if (!existsSync(path)) return undefined;
  try {
    return sourceRecord.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    throw new Error(`Read "${path}": not readable`, { cause });
  }
}

/** What can be said of a pushed source whose record is not readable. */
export const recordByTime = async (root: string): Promise<SourceRecord> => ({
  from: 'push',
  at: (await stat(recordPath(root))).mtime.toISOString(),
});

/** It is on the disk when this resolves. */
export const writeSourceRecord = (root: string, record: SourceRecord): Promise<void> =>
  replaceFile(recordPath(root), `${JSON.stringify(record)}\n`, { flush: true });

/** What decides whether units of a source can be built and run here. */
export interface Foundation {
  /** Digest of package-lock.json: of which packages. */
  packages: string;
  /** Digest of the migrations: of which database. */
  migrations: string;
}

export async function readFoundation(root: string): Promise<Foundation> {
  const folder = join(root, 'db/migrations');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).toSorted();
  const migrations = createHash('sha256');
  for (const name of names)
    migrations
      .update(`${name}\0`)
      .update(await readFile(join(folder, name)))
      .update('\0');
  const packages = createHash('sha256').update(await readFile(join(root, 'package-lock.json')));
  return { packages: packages.digest('hex'), migrations: migrations.digest('hex') };
}

/** When a checkout was last changed: the newest of its files that units are built from. */
export async function lastChange(root: string): Promise<Date> {
  let newest = 0;
  const look = async (path: string) => {
    const { mtimeMs } = await stat(path);
    newest = Math.max(newest, mtimeMs);
  };
  for (const entry of SOURCE_ENTRIES) {
    const path = join(root, entry);
    if (!existsSync(path)) continue;
    if (!(await stat(path)).isDirectory()) await look(path);
    else {
      const inside = await readdir(path, { recursive: true, withFileTypes: true });
      for (const file of inside) if (file.isFile()) await look(join(file.parentPath, file.name));
    }
  }
  return new Date(newest);
}
