import type { Db } from 'pg-boss';

/**
 * A job's payload names its work, so one that is done covers its equals: those that failed for good before, and, where a
 * schedule added it, the runs that were waiting when it began.
 */
export async function dropCoveredJobs(
  db: Pick<Db, 'executeSql'>,
  job: { name: string; deadLetter: string | null; data: unknown; startedOn: Date },
): Promise<void> {
  const isScheduled = job.data === null;
  if (job.deadLetter) {
    const [equal, ...payload] = isScheduled ? ['data is null'] : ['data = $2::jsonb', JSON.stringify(job.data)];
    await db.executeSql(`delete from pgboss.job where name = $1 and ${equal}`, [job.deadLetter, ...payload]);
  }
  if (!isScheduled) return;
  await db.executeSql(
    `delete from pgboss.job
     where name = $1 and state < 'active' and not blocked and data is null and created_on <= $2`,
    [job.name, job.startedOn],
  );
}
