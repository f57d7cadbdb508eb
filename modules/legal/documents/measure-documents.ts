import { sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';

/** Documents that are stored; means are null where there is none. */
export interface MeasuredDocuments {
  [column: string]: unknown;
  /** Without versions that were replaced. */
  count: number;
  replaced: number;
  /** Added since the moment that was asked for. */
  added: number;
  bytesEach: number | null;
  pagesEach: number | null;
}

/** @param database as the platform's role, which sees all organizations */
export async function measureDocuments(
  database: Pick<Database, 'transaction'>,
  since: Date,
): Promise<MeasuredDocuments> {
  const [measured] = await database.transaction((tx) =>
    tx.execute<MeasuredDocuments>(sql`
      select count(*) filter (where status <> 'replaced')::float8 as count,
        count(*) filter (where status = 'replaced')::float8 as replaced,
        count(*) filter (where created_at >= ${since.toISOString()}::timestamptz)::float8 as added,
        avg(bytes)::float8 as "bytesEach",
        (avg(pages_total) filter (where pages_total > 0))::float8 as "pagesEach"
      from documents`),
  );
  if (measured === undefined) throw new Error('Measure documents: the database answered nothing');
  return measured;
}
