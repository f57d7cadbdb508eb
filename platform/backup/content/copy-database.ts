import { readFile, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { connect } from '../../../db/connect.ts';
import { parsePosition } from '../log/position.ts';
import type { Manifest } from '../manifest.ts';
import { countRows, type DatabaseFacts, readDatabaseFacts } from './database-facts.ts';
import { hashFile, measureFolder, takeInventory } from './inventory.ts';
import { runProgram } from './run-program.ts';

export interface DatabaseSource {
  url: string;
  /** Whether it is the home's own server, whose files can be copied. */
  isEmbedded: boolean;
  /** Where `pg_basebackup` and `pg_dump` are; PATH when empty. */
  programs: string;
}

/** Names in the folder that is stored. */
export const DATABASE_FOLDER = 'database';
export const DUMP = 'dump.pgdump';
const HEADROOM = 1.2;

/**
 * Copies the database as of one moment into `folder`, while it is in use: the embedded server's files with the log that they need,
 * or a dump of a database elsewhere.
 * @param folder on this host, empty
 * @throws when the copy would not fit there
 */
export async function copyDatabase(source: DatabaseSource, folder: string): Promise<Manifest['database']> {
  const sql = connect(source.url, { applicationName: 'pandect backup' });
  try {
    const facts = await readDatabaseFacts(sql);
    await requireRoom(folder, facts.bytes);
    return await (source.isEmbedded ? copyFiles : dump)({ source, folder, sql, facts });
  } finally {
    await sql.end({ timeout: 5 });
  }
}

interface Copy {
  source: DatabaseSource;
  folder: string;
  sql: ReturnType<typeof connect>;
  facts: DatabaseFacts;
}

async function copyFiles({ source, folder, sql, facts }: Copy): Promise<Manifest['database']> {
  const before = await countRows(sql);
  const place = join(folder, DATABASE_FOLDER);
  await runProgram('Copy database', {
    program: join(source.programs, 'pg_basebackup'),
    // What is on the disk of this host is stored at once: it need not survive a power cut.
    args: ['-D', place, '-X', 'stream', '-c', 'fast', '--no-sync', '--no-password', '--label=pandect'],
    env: connectionVariables(source.url),
  });
  const after = await countRows(sql);
  return {
    kind: 'files',
    postgres: facts.postgres,
    migration: facts.migration,
    maxConnections: facts.maxConnections,
    rows: bounds(before, after),
    log: await readLogRange(join(place, 'backup_manifest')),
    // PostgreSQL's own list of the files and their checksums, which `pg_verifybackup` goes by.
    ...(await measureFolder(place)),
    sha256: await hashFile(join(place, 'backup_manifest')),
  };
}

/** The log that the copy needs to become consistent, as PostgreSQL notes it. */
async function readLogRange(path: string): Promise<Manifest['database']['log']> {
  const position = z.string().transform(parsePosition);
  const range = z.object({ Timeline: z.number(), 'Start-LSN': position, 'End-LSN': position });
  const list = z.object({ 'WAL-Ranges': z.array(range) }).parse(JSON.parse(await readFile(path, 'utf8')));
  const last = list['WAL-Ranges'].at(-1);
  return last && { timeline: last.Timeline, from: last['Start-LSN'], to: last['End-LSN'] };
}

/** The rows are counted in the very snapshot that is dumped. */
async function dump({ source, folder, sql, facts }: Copy): Promise<Manifest['database']> {
  const file = join(folder, DUMP);
  const rows = await sql.begin('isolation level repeatable read read only', async (tx) => {
    const [row] = await tx<{ snapshot: string }[]>`select pg_export_snapshot() as snapshot`;
    await runProgram('Dump database', {
      program: join(source.programs, 'pg_dump'),
      // Compressed by the repository, which finds what is the same as yesterday only in plain content.
      args: ['--format=custom', '--compress=0', '--no-password', `--snapshot=${row?.snapshot}`, `--file=${file}`],
      env: connectionVariables(source.url),
    });
    return countRows(tx as Partial<typeof tx> as typeof sql);
  });
  const [entry] = await takeInventory(folder, { skip: [] }).then((all) => all.filter(({ path }) => path === DUMP));
  return {
    kind: 'dump',
    postgres: facts.postgres,
    migration: facts.migration,
    maxConnections: facts.maxConnections,
    rows: bounds(rows, rows),
    ...{ count: 1, bytes: entry?.bytes ?? 0, sha256: entry?.sha256 ?? '' },
  };
}

const bounds = (before: Record<string, number>, after: Record<string, number>) =>
  Object.fromEntries(
    Object.keys(after).map((table) => [table, { before: before[table] ?? 0, after: after[table] ?? 0 }]),
  );

async function requireRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const needed = Math.ceil(bytes * HEADROOM);
  if (bavail * bsize >= needed) return;
  throw new Error(
    `Copy database: "${folder}" needs ${megabytes(needed)} MB for the copy and has ${megabytes(bavail * bsize)} MB`,
  );
}

const megabytes = (bytes: number) => Math.ceil(bytes / 1_000_000);

/** What libpq reads, so that no password stands among arguments, which every user of the host can read. */
export function connectionVariables(url: string): Record<string, string> {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  const given: Record<string, string | null> = {
    PGHOST: searchParams.get('host') ?? hostname,
    PGPORT: port || null,
    PGUSER: decodeURIComponent(username),
    PGPASSWORD: decodeURIComponent(password),
    PGDATABASE: decodeURIComponent(pathname.slice(1)),
    PGSSLMODE: searchParams.get('sslmode'),
    PGSSLROOTCERT: searchParams.get('sslrootcert'),
  };
  return Object.fromEntries(Object.entries(given).filter((entry): entry is [string, string] => Boolean(entry[1])));
}
