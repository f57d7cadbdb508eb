import type { Sql } from 'postgres';

/** Tables whose rows are counted, as far as they exist: what a platform must not lose. */
const COUNTED = [
  'organizations',
  'users',
  'documents',
  'conversations',
  'ledger_transactions',
  'ledger_entries',
  'invoices',
  'payments',
  'images',
  'bots',
  'wallet_entries',
] as const;

export interface DatabaseFacts {
  /** Major version of the server. */
  postgres: number;
  maxConnections: number;
  /** Time stamp of the last migration. */
  migration: number;
  bytes: number;
}

export async function readDatabaseFacts(sql: Sql): Promise<DatabaseFacts> {
  const [row] = await sql<{ version: number; connections: number; bytes: string }[]>`
    select current_setting('server_version_num')::int as version, current_setting('max_connections')::int as connections,
      pg_database_size(current_database()) as bytes`;
  const [known] = await sql<
    { found: boolean }[]
  >`select to_regclass('drizzle.__drizzle_migrations') is not null as found`;
  const [last] = known?.found
    ? await sql<{ at: string | null }[]>`select max(created_at) as at from drizzle.__drizzle_migrations`
    : [];
  return {
    postgres: Math.floor((row?.version ?? 0) / 10_000),
    maxConnections: row?.connections ?? 0,
    migration: Number(last?.at ?? 0),
    bytes: Number(row?.bytes ?? 0),
  };
}

/** Rows of each counted table that exists. */
export async function countRows(sql: Sql): Promise<Record<string, number>> {
  const rows: Record<string, number> = {};
  for (const table of COUNTED) {
    const [known] = await sql<{ found: boolean }[]>`select to_regclass(${`public.${table}`}) is not null as found`;
    if (!known?.found) continue;
    const [row] = await sql<{ count: string }[]>`select count(*) as count from ${sql(table)}`;
    rows[table] = Number(row?.count ?? 0);
  }
  return rows;
}
