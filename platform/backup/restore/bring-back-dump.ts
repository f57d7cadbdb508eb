import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from '../../../db/connect.ts';
import { databaseName, ensureGroups } from '../../../db/logins.ts';
import { connectionVariables } from '../content/copy-database.ts';
import { runProgram } from '../content/run-program.ts';

interface DumpOptions {
  /** The dump, which is removed once it is brought back. */
  file: string;
  /** Of an empty database. */
  url: string;
  /** Folder of PostgreSQL's programs; PATH when empty. */
  programs: string;
}

/** Who runs the server adds extensions, and other roles may not comment on them. */
const EXTENSION = /^\d+; \d+ \d+ (?:EXTENSION - |COMMENT - EXTENSION )/;

/**
 * Fills an empty database from a dump, all of it or nothing. The roles that its grants and policies name belong to the server, and are
 * made first; everything is of the role that connects.
 * @throws when the database is still empty
 */
export async function bringBackDump({ file, url, programs }: DumpOptions): Promise<void> {
  const program = join(programs, 'pg_restore');
  const list = `${file}.list`;
  await asOwner(url, ensureGroups);
  const entries = await runProgram('Read dump', { program, args: ['--list', file] });
  const wanted = entries.split('\n').filter((line) => !EXTENSION.test(line));
  await writeFile(list, wanted.join('\n'), { mode: 0o600 });
  await runProgram('Bring back dump', {
    program,
    args: [
      ...['--no-owner', '--single-transaction', '--exit-on-error', '--no-password'],
      ...[`--use-list=${list}`, `--dbname=${databaseName(url)}`, file],
    ],
    env: connectionVariables(url),
  });
  await rm(list);
  await rm(file);
}

/** Hosts that ran when the dump was made do not serve the database that it filled; its plans need figures of the rows. */
export const settleDump = (url: string): Promise<void> =>
  asOwner(url, async (sql) => {
    await sql`delete from hosts`;
    await sql`analyze`;
  });

async function asOwner(url: string, work: (sql: ReturnType<typeof connect>) => Promise<void>): Promise<void> {
  const sql = connect(url, { applicationName: 'pandect restore' });
  try {
    await work(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}
