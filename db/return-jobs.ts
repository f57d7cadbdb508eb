import type { PendingQuery, Row, Sql } from 'postgres';

/** One attempt at a job, as long as a process works on it. */
export interface JobAttempt {
  id: string;
  /** The library's count of earlier attempts; it grows with each, so that it tells this one from the next. */
  retryCount: number;
}

/**
 * Gives jobs of a queue back whose process ended in the middle of them; the attempt counts, and the next begins without a
 * wait. Jobs that were done, or that another process has by now, are left alone.
 * @returns how many were given back
 */
export const returnJobs = (sql: Sql, queue: string, attempts: readonly JobAttempt[]): Promise<number> =>
  giveBack(
    sql,
    queue,
    sql`(id, retry_count) in (select * from unnest(
      ${attempts.map(({ id }) => id)}::uuid[], ${attempts.map(({ retryCount }) => retryCount)}::int[]))`,
  );

/** The same for those whose process has not been heard of for as long as the queue allows. */
export const returnSilentJobs = (sql: Sql, queue: string): Promise<number> =>
  giveBack(sql, queue, sql`heartbeat_on + heartbeat_seconds * interval '1 second' < now()`);

/**
 * A last attempt is only marked as silent for ages: the library looks for such jobs every few seconds, and it is the
 * one to count them as failed for good.
 */
async function giveBack(sql: Sql, queue: string, condition: PendingQuery<Row[]>): Promise<number> {
  const { count } = await sql`
    update pgboss.job set
      state = (case when retry_count < retry_limit then 'retry' else 'active' end)::pgboss.job_state,
      start_after = case when retry_count < retry_limit then now() else start_after end,
      heartbeat_on = case when retry_count < retry_limit then null else 'epoch'::timestamptz end
    where name = ${queue} and state = 'active' and heartbeat_on is distinct from 'epoch' and ${condition}`;
  return count;
}
