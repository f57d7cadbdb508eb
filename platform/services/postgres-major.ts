import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { postgresFolders } from './binaries.ts';
import { readIfExists } from './processes.ts';

/** The major version that database files are of; undefined where there are none. */
export async function majorOfData(data: string): Promise<number | undefined> {
  const text = await readIfExists(join(data, 'PG_VERSION'));
  return text === undefined ? undefined : Number.parseInt(text, 10);
}

/** The major version of the programs in a folder. */
export async function majorOfPrograms(folder: string): Promise<number> {
  const { stdout } = await promisify(execFile)(join(folder, 'postgres'), ['--version'], { timeout: 10_000 });
  return Number(/\) (\d+)/.exec(stdout)?.[1]);
}

/**
 * The programs for database files, which are bound to one major version: the given ones, or others that are installed next to them.
 * @throws when none fits, with what to do; the files are not touched
 */
export async function programsFor(data: string, given: string): Promise<string> {
  const wanted = await majorOfData(data);
  const found = await majorOfPrograms(given);
  if (wanted === undefined || found === wanted) return given;
  for (const folder of await postgresFolders()) if ((await majorOfPrograms(folder)) === wanted) return folder;
  throw new Error(
    `Start PostgreSQL: the database files "${data}" are of version ${wanted}, and ${found} is installed; nothing was changed. ` +
      `Install PostgreSQL ${wanted} next to it (Debian: postgresql-${wanted}) and start again; docs/host.md tells how to move to ${found}`,
  );
}
