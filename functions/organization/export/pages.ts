import { and, asc, eq, type SQL, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { Database } from '../../../db/client.ts';
import { documents } from '../../../db/schema/legal/documents.ts';

const ROWS = 500;

type Columns = Record<string, PgColumn | SQL> & { id: PgColumn };
type DataOf<C extends PgColumn | SQL> = C extends PgColumn ? C['_']['data'] : C extends SQL<infer T> ? T : never;

/** A table of which an organization's rows are read, oldest first. */
export interface Source<C extends Columns = Columns> {
  table: PgTable;
  organizationId: PgColumn;
  columns: C;
  /** The time that rows are ordered by. */
  at: PgColumn;
  where?: SQL;
}

/**
 * An organization's rows of a table, a page at a time and each page in a transaction of its own: a client that reads
 * slowly holds no connection.
 */
export async function* pages<C extends Columns>(
  database: Database,
  organizationId: string,
  source: Source<C>,
): AsyncGenerator<{ [Name in keyof C]: DataOf<C[Name]> }> {
  const { table, columns, at, where } = source;
  let after: { cursor: string; id: string } | undefined;
  do {
    const later = after && sql`(${at}, ${columns.id}) > (${after.cursor}::timestamptz, ${after.id}::uuid)`;
    const rows = await database.tenant(organizationId, (tx) =>
      tx
        // As text, since a time in JavaScript has no microseconds.
        .select({ row: columns, cursor: sql<string>`${at}::text` })
        .from(table)
        .where(and(eq(source.organizationId, organizationId), where, later))
        .orderBy(asc(at), asc(columns.id))
        .limit(ROWS),
    );
    for (const { row } of rows) yield row as never;
    const last = rows.length === ROWS ? rows.at(-1) : undefined;
    after = last && { cursor: last.cursor, id: (last.row as { id: string }).id };
  } while (after);
}

export const documentPages = (database: Database, organizationId: string) =>
  pages(database, organizationId, {
    table: documents,
    organizationId: documents.organizationId,
    at: documents.createdAt,
    columns: { id: documents.id, format: documents.format, storageKey: documents.storageKey },
  });
