/** One of a worker's queues. */
interface CountedQueue {
  name: string;
  /** Jobs that one organization may have under way. */
  perOrganization?: number | undefined;
}

/**
 * SQL without parameters, for what asks by itself: jobs of these queues that could be worked on, those that wait and those under way, of
 * one organization no more than it may have under way. One row with one number.
 */
export function countJobsQuery(queues: readonly CountedQueue[]): string {
  const counts = queues.map(({ name, perOrganization }) => {
    const most =
      perOrganization === undefined
        ? 'count(*)'
        : `case when group_id is null then count(*) else least(count(*), ${perOrganization}) end`;
    return `select ${most} as jobs from pgboss.job where name = '${name}' and state <= 'active' and not blocked and start_after <= now() group by group_id`;
  });
  return `select coalesce(sum(jobs), 0)::int from (${counts.join(' union all ')}) as counted`;
}
