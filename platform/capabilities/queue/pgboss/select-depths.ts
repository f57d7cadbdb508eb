import type { Sql } from 'postgres';

/** What there is to do in one queue. */
export interface QueueDepth {
  /** Jobs that could begin now if a process had room for them. */
  waiting: number;
  /** Seconds for which the oldest of them could have begun; 0 without any. */
  oldestSeconds: number;
  /** Jobs that more processes would not begin either: as many of their organization as may be are under way. */
  held: number;
  /** Jobs whose time has not come, mostly to be tried again. */
  deferred: number;
  active: number;
  /** Jobs that failed for good and wait for an operator. */
  dead: number;
}

/**
 * The depth of each queue. Only jobs that are not over are looked at, which indexes find among all that are kept.
 * @param perOrganization jobs that one organization may have under way, by queue
 */
export const selectDepths = (sql: Sql, perOrganization: ReadonlyMap<string, number>) => sql<
  (QueueDepth & { queue: string })[]
>`
  with waiting as (
    select name, group_id,
      count(*) filter (where start_after <= now()) as due,
      count(*) filter (where start_after > now()) as deferred,
      min(greatest(created_on, start_after)) filter (where start_after <= now()) as since
    from pgboss.job where state < 'active' and not blocked
    group by name, group_id
  ), active as (
    select name, group_id, count(*) as jobs from pgboss.job where state = 'active' group by name, group_id
  ), places as (
    select * from unnest(${[...perOrganization.keys()]}::text[], ${[...perOrganization.values()]}::int[]) as of (name, most)
  ), startable as (
    select waiting.*, case when group_id is null or most is null then due
      else least(due, greatest(0, most - coalesce(active.jobs, 0))) end as now
    from waiting left join places using (name) left join active using (name, group_id)
  )
  select queue.name as queue,
    coalesce(ready.waiting, 0)::int as waiting,
    coalesce(ready.held, 0)::int as held,
    coalesce(ready.deferred, 0)::int as deferred,
    greatest(0, coalesce(extract(epoch from now() - ready.since), 0))::float as "oldestSeconds",
    coalesce(busy.jobs, 0)::int as active,
    coalesce(dead.jobs, 0)::int as dead
  from pgboss.queue
  left join (
    select name, sum(now) as waiting, sum(due - now) as held, sum(deferred) as deferred, min(since) filter (where now > 0) as since
    from startable group by name
  ) ready using (name)
  left join (select name, sum(jobs) as jobs from active group by name) busy using (name)
  left join (select name, sum(due + deferred) as jobs from waiting group by name) dead on dead.name = queue.dead_letter
  where queue.dead_letter is not null`;
