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

function hasJob(fields: Fields, condition: SQL): SQL {
  const equal = Object.entries(fields).map(([name, value]) => sql`job.data->>${name}::text = ${value}::text`);
  return sql`exists (select 1 from pgboss.job where ${sql.join([condition, ...equal], sql` and `)})`;
}
