import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { opendir, readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { connect } from '../../../db/connect.ts';
import { replaceFile } from '../../kernel/replace-file.ts';
import type { Home } from '../../services/home.ts';

/**
 * Keys, files and database belong together, and a home that has only a part of them, as after half a restore, must not
 * become a new platform: what is made for the missing part would take the place of what was lost. A database knows its
 * home by an id that stands in `home.json` as well.
 */

/** Where the parts of a home are, with the settings applied. */
export interface Places {
  home: Home;
  /** Its own PostgreSQL, or one that DATABASE_URL names. */
  isEmbedded: boolean;
  keys: { privatePath: string; publicPath: string };
  /** Undefined where they are stored elsewhere. */
  files: string | undefined;
}

/** @param source the operator's settings */
export const placesOf = (home: Home, source: Record<string, string | undefined>): Places => ({
  home,
  isEmbedded: !source.DATABASE_URL,
  keys: {
    privatePath: resolve(source.JWT_PRIVATE_KEY_PATH || join(home.keys, 'jwt-private.pem')),
    publicPath: resolve(source.JWT_PUBLIC_KEY_PATH || join(home.keys, 'jwt-public.pem')),
  },
  files: source.STORAGE === 's3' ? undefined : resolve(source.UPLOAD_DIR || home.files),
});

interface Found {
  id: string | undefined;
  hasKeys: boolean;
  hasFiles: boolean;
}

const record = z.object({ id: z.uuid(), state: z.enum(['restoring']).optional() });
const recordPath = (home: Pick<Home, 'root'>) => join(home.root, 'home.json');

/** Before a server starts. @throws when keys or files are there and the home's own database is not, or a restore was cut off */
export async function assertDatabasePresent(places: Places): Promise<void> {
  const { home, isEmbedded } = places;
  await assertRestored(home);
  if (!isEmbedded) return;
  const found = await look(places);
  const password = join(home.keys, 'postgres-password');
  const data = join(home.postgres, 'data');
  const hasData = existsSync(join(data, 'PG_VERSION'));
  if (hasData && !existsSync(password)) throw await partial(places, [...present(found), 'database'], [`"${password}"`]);
  if (!hasData && present(found).length > 0) throw await partial(places, present(found), [`database ("${data}")`]);
}

/**
 * Before the database is changed. @returns the id of the home, which `recordHome` keeps
 * @throws when the database is empty, another home's, or what belongs to it is missing
 */
export async function assertWhole(places: Places, databaseUrl: string): Promise<string> {
  const found = await look(places);
  const known = await inDatabase(databaseUrl);
  const { home, isEmbedded } = places;
  const isFilled = known.organizations > 0;
  // A platform of an earlier version that no one has used yet has keys and neither an id nor rows.
  const isExpected = found.id !== undefined || found.hasFiles || (found.hasKeys && !isEmbedded && !known.isMigrated);
  if (!isFilled && isExpected && known.id === undefined) {
    throw await partial(places, present(found), ['the rows of the database, which is empty']);
  }
  if (known.id !== undefined && found.id !== undefined && known.id !== found.id) {
    throw new Error(
      `Start platform in "${home.root}": the database belongs to another home (${known.id}, this one is ${found.id}): ` +
        `correct DATABASE_URL or PANDECT_HOME; to put the two together for good, remove "${recordPath(home)}"`,
    );
  }
  const missing = [
    ...(isFilled && !found.hasKeys ? [`keys ("${places.keys.privatePath}")`] : []),
    ...(known.documents > 0 && places.files && !found.hasFiles ? [`files ("${places.files}")`] : []),
  ];
  if (missing.length > 0) throw await partial(places, [...present(found), 'database'], missing);
  return known.id ?? found.id ?? randomUUID();
}

/** Keeps the id on both sides, the home's last: whatever ends the start in between is made up for by the next. */
export async function recordHome({ home }: Places, databaseUrl: string, id: string): Promise<void> {
  const sql = connect(databaseUrl, { applicationName: 'pandect home' });
  try {
    await sql`insert into homes (id) values (${id}) on conflict do nothing`;
  } finally {
    await sql.end();
  }
  if (!existsSync(recordPath(home))) await writeRecord(home, { id });
}

/** @param record `state: restoring` keeps the platform from starting there */
export const writeRecord = (home: Pick<Home, 'root'>, content: z.output<typeof record>): Promise<void> =>
  replaceFile(recordPath(home), `${JSON.stringify(content)}\n`, { flush: true });

async function look({ home, keys, files }: Places): Promise<Found> {
  return {
    id: await readHomeId(home),
    hasKeys: existsSync(keys.privatePath),
    hasFiles: files !== undefined && (await holdsFile(files)),
  };
}

/** The id of a home; undefined before its first start. */
export const readHomeId = async (home: Pick<Home, 'root'>): Promise<string | undefined> => (await readRecord(home))?.id;

/** A restore writes the record first, and takes the mark away last. @throws when it was cut off */
async function assertRestored(home: Home): Promise<void> {
  if ((await readRecord(home))?.state !== 'restoring') return;
  throw new Error(
    `Start platform in "${home.root}": it was not restored to the end: remove the folder, and restore into it again`,
  );
}

async function readRecord(home: Pick<Home, 'root'>): Promise<z.output<typeof record> | undefined> {
  const path = recordPath(home);
  if (!existsSync(path)) return undefined;
  try {
    return record.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    throw new Error(`Read "${path}": not readable; restore it from a backup, or remove it`, { cause });
  }
}

async function inDatabase(url: string) {
  const sql = connect(url, { applicationName: 'pandect home' });
  const has = async (table: string) => {
    const [row] = await sql<{ found: boolean }[]>`select to_regclass(${`public.${table}`}) is not null as found`;
    return row?.found === true;
  };
  /** 1 when there is a row; to count them all takes long. */
  const some = async (table: string) =>
    (await has(table)) ? (await sql`select 1 from ${sql(table)} limit 1`).length : 0;
  try {
    const [home] = (await has('homes')) ? await sql<{ id: string }[]>`select id from homes` : [];
    const organizations = await some('organizations');
    return {
      id: home?.id,
      isMigrated: await has('organizations'),
      organizations,
      documents: await some('documents'),
    };
  } finally {
    await sql.end();
  }
}

const present = ({ id, hasKeys, hasFiles }: Found): string[] => [
  ...(id === undefined ? [] : ['home.json']),
  ...(hasKeys ? ['keys'] : []),
  ...(hasFiles ? ['files'] : []),
];

async function partial({ home }: Places, there: string[], missing: string[]): Promise<Error> {
  const elsewhere = await misplaced(home);
  const hint =
    elsewhere.length > 0 ? `; these may belong there: ${elsewhere.map((path) => `"${path}"`).join(', ')}` : '';
  return new Error(
    `Start platform in "${home.root}": only a part of it is there: ${there.join(', ')}; missing: ${missing.join(', ')}${hint}. ` +
      'Restore what is missing, from the same backup; for a new platform set PANDECT_HOME to an empty folder',
  );
}

/** Folders that look like a part of a home, but not where it belongs. */
async function misplaced(home: Home): Promise<string[]> {
  const ours = new Set(['releases', 'run', 'cache', 'logs', 'sources', 'vectors', 'calls', 'caddy', 'redis', 'backup']);
  const marks = ['PG_VERSION', 'jwt-private.pem', 'postgres-password'];
  const proper = new Set([join(home.postgres, 'data'), home.keys]);
  const search = async (folder: string, depth: number): Promise<string[]> => {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    if (entries.some(({ name }) => marks.includes(name))) return proper.has(folder) ? [] : [folder];
    if (depth === 0) return [];
    const inner = entries.filter((entry) => entry.isDirectory() && !ours.has(entry.name));
    return (await Promise.all(inner.map(({ name }) => search(join(folder, name), depth - 1)))).flat();
  };
  return (await search(home.root, 3)).toSorted();
}

async function holdsFile(folder: string): Promise<boolean> {
  if (!existsSync(folder)) return false;
  for await (const entry of await opendir(folder, { recursive: true })) if (entry.isFile()) return true;
  return false;
}
