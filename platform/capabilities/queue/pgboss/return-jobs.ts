import type { Db } from 'pg-boss';

/** One attempt at a job, as long as a process works on it. */
export interface JobAttempt {
  id: string;
  queue: string;
  /** The library's count of earlier attempts; it grows with each, so that it tells this one from the next. */
  retryCount: number;
}

/** A connection to the queue. */
type Queue = Pick<Db, 'executeSql'>;

/**
 * Gives jobs back whose process ended in the middle of them; the attempt counts, and the next begins without a
 * wait. Jobs that were done, or that another process has by now, are left alone.
 * @param unresponsive whether the process was ended since it did not answer: that is counted with each of them, as one of
 *   them may be why
 * @returns how many were given back
 */
export const returnJobs = (db: Queue, attempts: readonly JobAttempt[], unresponsive = false): Promise<number> =>
  giveBack(
    db,
    '(name, id, retry_count) in (select * from unnest($1::text[], $2::uuid[], $3::int[]))',
    [attempts.map(({ queue }) => queue), attempts.map(({ id }) => id), attempts.map(({ retryCount }) => retryCount)],
    unresponsive ? "jsonb_build_object('unresponsive', coalesce((output ->> 'unresponsive')::int, 0) + 1)" : undefined,
  );

/** How many processes in a row were ended for not answering while they had this job. */
export function unresponsiveEnds({ output }: { output: unknown }): number {
  const { unresponsive } = (output ?? {}) as { unresponsive?: unknown };
  return typeof unresponsive === 'number' ? unresponsive : 0;
}

/** The same for those of some queues whose process has not been heard of for as long as the queue allows. */
export const returnSilentJobs = (db: Queue, queues: readonly string[]): Promise<number> =>
  giveBack(db, "name = any($1::text[]) and heartbeat_on + heartbeat_seconds * interval '1 second' < now()", [queues]);

/**
 * A last attempt is only marked as silent for ages: the library looks for such jobs every few seconds, and it is the
 * one to count them as failed for good.
 */
async function giveBack(db: Queue, condition: string, values: unknown[], output = 'output'): Promise<number> {
  const { rows } = await db.executeSql(
    `update pgboss.job set
       state = (case when retry_count < retry_limit then 'retry' else 'active' end)::pgboss.job_state,
       output = ${output},
       start_after = case when retry_count < retry_limit then now() else start_after end,
       heartbeat_on = case when retry_count < retry_limit then null else 'epoch'::timestamptz end
     where state = 'active' and heartbeat_on is distinct from 'epoch' and ${condition}
     returning id`,
    values,
  );
  return rows.length;
}
