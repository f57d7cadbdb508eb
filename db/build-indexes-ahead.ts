import type { Sql } from 'postgres';
import type { Migration } from './apply-migrations.ts';
import { statementsOf } from './apply-migrations.ts';
import { setLockTimeout } from './with-lock-timeout.ts';

/*
 * An index that is made within a transaction keeps everybody from writing into its table until that transaction ends, which on a large
 * table is minutes. PostgreSQL can make it next to the writers, but not within a transaction. So it is made before the migrations, which
 * say `create index if not exists` and find it there. Where they fail, it is removed again.
 */

export interface IndexStatement {
  index: string;
  table: string;
  /** The same, made while others write. */
  concurrently: string;
}

const CREATE_INDEX =
  /^(\s*create\s+(?:unique\s+)?index)\s+(if\s+not\s+exists\s+"?(\w+)"?\s+on\s+(?:only\s+)?"?(\w+)"?)/i;

/** Undefined for what is no index, or one that has to be made by its migration. */
export function readIndexStatement(statement: string): IndexStatement | undefined {
  const found = CREATE_INDEX.exec(statement);
  const [, create = '', rest = '', index, table] = found ?? [];
  if (found === null || index === undefined || table === undefined) return undefined;
  return { index, table, concurrently: `${create} concurrently ${rest}${statement.slice(found[0].length)}` };
}

/** It waits for transactions that began before; no one waits behind it. */
const PATIENCE_MS = 600_000;

/** What it is about comes with the same migrations: a column, a function, a type. */
const NOT_THERE_YET = ['42P01', '42703', '42704', '42883'];

/**
 * Makes the indexes of migrations on tables that are there already, while others write. One that was cut off is made again.
 * @returns the names of those that were made
 * @throws when one cannot be made; those before it are removed again
 */
export async function buildIndexesAhead(sql: Sql, pending: readonly Migration[]): Promise<string[]> {
  const built: string[] = [];
  const wanted = pending.flatMap(({ name, text }) =>
    statementsOf(text).flatMap((statement) => {
      const found = readIndexStatement(statement);
      return found ? [{ ...found, migration: name }] : [];
    }),
  );
  if (wanted.length > 0) await setLockTimeout(sql, PATIENCE_MS);
  for (const { index, table, concurrently, migration } of wanted) {
    const [state] = await sql<{ isTable: boolean; isWhole: boolean | null }[]>`
      select to_regclass(${table}) is not null as "isTable",
        (select indisvalid from pg_index where indexrelid = to_regclass(${index})) as "isWhole"`;
    if (!state?.isTable || state.isWhole === true) continue;
    if (state.isWhole === false) await removeIndexes(sql, [index]);
    try {
      await sql.unsafe(concurrently);
      built.push(index);
    } catch (cause) {
      const { code, message } = cause as Error & { code?: string };
      if (NOT_THERE_YET.includes(code ?? '')) continue;
      await removeIndexes(sql, [...built, index]);
      throw new Error(`Apply migration "${migration}": ${message}; the database is as it was before`, { cause });
    }
  }
  return built;
}

/** While others read and write. */
export async function removeIndexes(sql: Sql, names: readonly string[]): Promise<void> {
  if (names.length > 0) await setLockTimeout(sql, PATIENCE_MS);
  for (const name of names) await sql`drop index concurrently if exists ${sql(name)}`;
}
