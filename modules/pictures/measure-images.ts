import { sql } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';

/** Generations since a moment; means are null where there was none. */
export interface MeasuredImages {
  [column: string]: unknown;
  requests: number;
  /** The most in an hour of the clock. */
  busiestHour: number;
  /** From submit to end. */
  seconds: number | null;
  picturesEach: number | null;
  /** Of all variants of a picture. */
  bytesEach: number | null;
}

/** @param database as the platform's role, which sees all organizations */
export async function measureImages(database: Pick<Database, 'transaction'>, since: Date): Promise<MeasuredImages> {
  const [measured] = await database.transaction((tx) =>
    tx.execute<MeasuredImages>(sql`
      with recent as (select * from images where created_at >= ${since.toISOString()}::timestamptz)
      select count(*)::float8 as requests,
        coalesce((
          select max(requests) from (select count(*) as requests from recent group by date_trunc('hour', created_at)) hours
        ), 0)::float8 as "busiestHour",
        (avg(extract(epoch from ended_at - submitted_at)) filter (where status = 'done'))::float8 as seconds,
        avg(count)::float8 as "picturesEach",
        (select sum(f.bytes) / nullif(count(distinct (f.image_id, f.index)), 0)
          from image_files f join recent i on i.id = f.image_id)::float8 as "bytesEach"
      from recent`),
  );
  if (measured === undefined) throw new Error('Measure images: the database answered nothing');
  return measured;
}
