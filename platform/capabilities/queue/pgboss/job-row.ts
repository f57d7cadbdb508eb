import type { ISql } from 'postgres';
import type { JobState } from '../../../kernel/job-state.ts';

/** A job as operators see it. */
export interface JobRow {
  id: string;
  queue: string;
  state: JobState;
  /** Attempts that were begun, and how many there may be. */
  attempt: number;
  attempts: number;
  /** Whose work it is. */
  organization: string | null;
  /** What it is about: ids only. */
  about: Record<string, string>;
  createdAt: Date;
  /** When it may begin; for jobs that wait. */
  startsAt: Date | null;
  startedAt: Date | null;
  endedAt: Date | null;
  /** What the last attempt failed with. */
  error: string | null;
}

/** With where its row is: a dead job's is in the queue behind its own, and it keeps the id under which it failed. */
export interface StoredJob extends Omit<JobRow, 'about'> {
  payload: unknown;
  rowId: string;
  rowQueue: string;
}

export interface JobFilter {
  queue?: string | undefined;
  state?: JobState | undefined;
  ids?: readonly string[] | undefined;
  limit?: number | undefined;
  /** Only those behind this job, in the order of the list. */
  behind?: { createdAt: Date; id: string } | undefined;
  /** Only those that were in their state by then: dead, or made. */
  asOf?: Date | undefined;
}

/** Newest first. */
export const selectJobs = (sql: ISql, { limit, ...filter }: JobFilter) => sql<StoredJob[]>`
  with ${jobsOf(sql)}
  select
    id, queue, state, attempt, attempts, organization, payload, "createdAt", "startsAt", "startedAt", "endedAt",
    coalesce(output->>'message', output->'value'->>'message') as error, "rowId", "rowQueue"
  from jobs
  where ${isMeant(sql, filter)}
  order by date_trunc('milliseconds', "createdAt") desc, id desc limit ${limit ?? null}`;

/** Their ids, those first that have been in their state for longest. */
export const selectJobIds = (sql: ISql, filter: JobFilter) => sql<{ id: string }[]>`
  with ${jobsOf(sql)}
  select id from jobs where ${isMeant(sql, filter)} order by coalesce("endedAt", "createdAt"), id`;

export const countJobs = (sql: ISql, filter: JobFilter) => sql<{ total: number }[]>`
  with ${jobsOf(sql)} select count(*)::int as total from jobs where ${isMeant(sql, filter)}`;

/**
 * The library has two rows of a job that failed for good, one in its queue and one in the queue behind it, which has none behind itself;
 * the second is the one to be retried.
 */
const jobsOf = (sql: ISql) => sql`
  rows as (
    select job.*, home.dead_letter is null as is_dead
    from pgboss.job join pgboss.queue as home using (name)
    where (home.dead_letter is not null or source_id is not null) and not (state = 'failed' and exists (
      select 1 from pgboss.job as dead where dead.name = home.dead_letter and dead.source_id = job.id))
  ), jobs as (
    select
      id as "rowId",
      name as "rowQueue",
      case when is_dead then source_id else id end as id,
      case when is_dead then source_name else name end as queue,
      case when is_dead or state = 'failed' then 'dead' when state = 'created' then 'waiting'
        when state = 'retry' then 'retrying' else state::text end as state,
      case when is_dead then source_retry_count + 1 when started_on is null then 0 else retry_count + 1 end as attempt,
      case when is_dead then source_retry_count else retry_limit end + 1 as attempts,
      group_id as organization,
      data as payload,
      case when is_dead then source_created_on else created_on end as "createdAt",
      case when state < 'active' and not is_dead then start_after end as "startsAt",
      started_on as "startedAt",
      case when is_dead then created_on else completed_on end as "endedAt",
      coalesce(case when is_dead then source_output else output end, '{}') as output
    from rows
  )`;

const isMeant = (sql: ISql, { queue, state, ids, behind, asOf }: JobFilter) => sql`
  (${queue ?? null}::text is null or queue = ${queue ?? null})
    and (${state ?? null}::text is null or state = ${state ?? null})
    and (${ids ? [...ids] : null}::uuid[] is null or id = any(${ids ? [...ids] : null}::uuid[]))
    and (${behind?.id ?? null}::uuid is null
      or (date_trunc('milliseconds', "createdAt"), id) < (${behind?.createdAt ?? null}::timestamptz, ${behind?.id ?? null}::uuid))
    and (${asOf ?? null}::timestamptz is null or coalesce("endedAt", "createdAt") <= ${asOf ?? null}::timestamptz)`;

/** Leaves out what is not an id: names of files and the like are not the operator's business. */
export function toRow({ payload, rowId: _, rowQueue: __, ...job }: StoredJob): JobRow {
  const fields = Object.entries(typeof payload === 'object' && payload !== null ? payload : {});
  return { ...job, about: Object.fromEntries(fields.filter(([name]) => name.endsWith('Id') || name === 'kind')) };
}
