/** Jobs of one queue by state. */
export interface QueueStates {
  queue: string;
  waiting: number;
  active: number;
  dead: number;
  /** Seconds for which the oldest job that waits could have begun; 0 without any. */
  oldest: number;
}

/** SQL with one parameter, the names of the queues: a row of `QueueStates` for each. */
export const countStatesQuery = `
  select queue.name as queue,
    count(job.id) filter (where job.name = queue.name and job.state < 'active' and not job.blocked and job.start_after <= now())::int as waiting,
    count(job.id) filter (where job.name = queue.name and job.state = 'active')::int as active,
    count(job.id) filter (where job.name = queue.dead_letter and job.state < 'active')::int as dead,
    coalesce(extract(epoch from now() - min(greatest(job.created_on, job.start_after))
      filter (where job.name = queue.name and job.state < 'active' and not job.blocked and job.start_after <= now())), 0)::float as oldest
  from pgboss.queue left join pgboss.job on job.name in (queue.name, queue.dead_letter) and job.state <= 'active'
  where queue.name = any($1::text[]) group by queue.name`;
