import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import type { Job } from '../define-job.ts';

/** Values of the payload's fields; columns of the query around it too. */
type Fields = Record<string, SQLWrapper | string>;

/** Whether a job with such a payload waits or is under way, as a condition of a query. Needs a login that may read jobs. */
export const hasPendingJob = ({ queue }: Pick<Job, 'queue'>, fields: Fields): SQL =>
  hasJob(fields, sql`job.name = ${queue} and job.state in ('created', 'retry', 'active')`);

/** Whether there was such a job, whatever its end, as long as jobs are kept. */
export const hadJob = ({ queue }: Pick<Job, 'queue'>, fields: Fields): SQL =>
  hasJob(fields, sql`job.name in (${queue}, ${`${queue}-dead`})`);

/** How many of such jobs have failed for good, as a value of a query. One that is done makes the others of its queue forgotten. */
export const deadJobs = (jobs: readonly Pick<Job, 'queue'>[], fields: Fields): SQL<number> => {
  const names = jobs.map(({ queue }) => sql`${`${queue}-dead`}`);
  return sql`(select count(*)::int from pgboss.job where ${matching(fields, sql`job.name in (${sql.join(names, sql`, `)})`)})`;
};

const hasJob = (fields: Fields, condition: SQL): SQL =>
  sql`exists (select 1 from pgboss.job where ${matching(fields, condition)})`;

function matching(fields: Fields, condition: SQL): SQL {
  const equal = Object.entries(fields).map(([name, value]) => sql`job.data->>${name}::text = ${value}::text`);
  return sql.join([condition, ...equal], sql` and `);
}
