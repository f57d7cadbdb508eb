import { inArray, lt, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { Database } from './client.ts';

/** Rows of one transaction, so that none is long. */
const BATCH = 5_000;

/**
 * Removes the rows whose `age` lies before a time; without one, none.
 * @param batch rows of one transaction; fewer of a table whose rows take many others with them
 * @returns how many
 */
export async function removeBefore(
  database: Database,
  table: PgTable & { id: PgColumn },
  age: PgColumn,
  before: Date | undefined,
  batch = BATCH,
): Promise<number> {
  if (before === undefined) return 0;
  for (let removed = 0; ; ) {
    const gone = await database.transaction((tx) => {
      const old = tx.select({ id: table.id }).from(table).where(lt(age, before)).limit(batch);
      return tx
        .delete(table)
        .where(inArray(table.id, old))
        .returning({ id: sql<string>`${table.id}` });
    });
    removed += gone.length;
    if (gone.length < batch) return removed;
  }
}

const DAY_MS = 24 * 3_600_000;

/** The time so many days ago; undefined, which keeps all, without a number of days. */
export const daysBefore = (now: Date, days: number | undefined): Date | undefined =>
  days === undefined ? undefined : new Date(now.getTime() - days * DAY_MS);
