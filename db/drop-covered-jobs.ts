import type { Sql } from 'postgres';

/**
 * A job's payload names its work, so one that is done covers its equals: those that failed for good before, and, where a
 * schedule added it, the runs that were waiting when it began.
 */
export async function dropCoveredJobs(
  sql: Sql,
  job: { name: string; deadLetter: string | null; data: unknown; startedOn: Date },
): Promise<void> {
  const isScheduled = job.data === null;
  const equal = isScheduled ? sql`data is null` : sql`data = ${sql.json(job.data as never)}`;
  if (job.deadLetter) await sql`delete from pgboss.job where name = ${job.deadLetter} and ${equal}`;
  if (!isScheduled) return;
  await sql`
    delete from pgboss.job
    where name = ${job.name} and state < 'active' and not blocked and data is null and created_on <= ${job.startedOn}`;
}
