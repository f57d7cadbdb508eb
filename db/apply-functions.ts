import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Sql, TransactionSql } from 'postgres';

/** Each file, in the room of its module, creates or replaces the function that it is named after, and says who may execute it. */
export const functionsFolder = new URL('./functions', import.meta.url).pathname;

interface Applied {
  name: string;
  source: string;
  definition: string;
}

/**
 * Applies the files of `db/functions` that changed, and those whose function is missing or was changed by something else. All of
 * them or none, in one transaction; calls under way end with the old text.
 * @returns the names of what was applied
 */
export const applyFunctions = (sql: Sql, folder = functionsFolder): Promise<string[]> =>
  sql.begin((tx) => applyFunctionsIn(tx, folder));

/** The same as a part of a transaction. */
export async function applyFunctionsIn(tx: TransactionSql, folder = functionsFolder): Promise<string[]> {
  const files = await readFunctions(folder);
  const names = files.map(({ name }) => name);
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice !== undefined) throw new Error(`Apply function "${twice}": two files have its name`);
  const applied = await tx<Applied[]>`select name, source, definition from sql_functions`;
  const defined = await definitions(tx, names);
  const due = files.filter(({ name, source }) => {
    const last = applied.find((each) => each.name === name);
    return last?.source !== source || last.definition !== defined.get(name);
  });
  if (due.length === 0) return [];
  // They may call each other, so that none can come first whose body refers only to what exists: bodies are checked in a second round.
  for (const checked of ['off', 'on']) {
    await tx`select set_config('check_function_bodies', ${checked}, true)`;
    for (const { text } of due) await tx.unsafe(text);
  }
  const now = await definitions(tx, names);
  for (const { name, source } of due) {
    const definition = now.get(name);
    if (!definition) throw new Error(`Apply function "${name}": its file creates no function of that name`);
    await tx`
      insert into sql_functions (name, source, definition) values (${name}, ${source}, ${definition})
      on conflict (name) do update set source = excluded.source, definition = excluded.definition`;
  }
  return due.map(({ name }) => name);
}

async function readFunctions(folder: string): Promise<{ name: string; text: string; source: string }[]> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.sql'));
  const read = await Promise.all(
    files.map(async (file) => {
      const text = await readFile(join(folder, file), 'utf8');
      return { name: basename(file, '.sql'), text, source: createHash('sha256').update(text).digest('hex') };
    }),
  );
  return read.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Checksums of what the database has under these names, rights included. */
async function definitions(tx: TransactionSql, names: string[]): Promise<Map<string, string>> {
  const rows = await tx<{ name: string; definition: string }[]>`
    select proname as name, md5(string_agg(concat(pg_get_functiondef(oid), proacl), '' order by oid)) as definition
    from pg_proc where pronamespace = 'public'::regnamespace and proname = any (${names}) group by 1`;
  return new Map(rows.map(({ name, definition }) => [name, definition]));
}
