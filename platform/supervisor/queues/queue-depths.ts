import { connect } from '../../../db/connect.ts';
import { within } from '../../../db/within.ts';

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

export interface QueueDepths {
  /**
   * Depth by queue. Never rejects: while the database does not answer it is what it was when last read, empty at first.
   * @param perOrganization jobs that one organization may have under way, by queue
   */
  read(perOrganization?: ReadonlyMap<string, number>): Promise<ReadonlyMap<string, QueueDepth>>;
  close(): Promise<void>;
}

const SECONDS = 2;

/** @param onAway called once when the database stops answering */
export function queueDepths(databaseUrl: string, onAway: (error: unknown) => void = () => {}): QueueDepths {
  const open = () => connect(databaseUrl, { applicationName: 'pandect queue depths' });
  let sql = open();
  let last: ReadonlyMap<string, QueueDepth> = new Map();
  let away = false;
  return {
    async read(perOrganization = new Map()) {
      try {
        const rows = await within(SECONDS, select(sql, perOrganization));
        last = new Map(rows.map(({ queue, ...depth }) => [queue, depth]));
        away = false;
      } catch (error) {
        if (!away) onAway(error);
        away = true;
        // One that hangs would be waited for again.
        const hung = sql;
        sql = open();
        await hung.end({ timeout: 0 });
      }
      return last;
    },
    close: () => sql.end({ timeout: 0 }),
  };
}

/** Only jobs that are not over are looked at, which indexes find among all that are kept. */
const select = (sql: ReturnType<typeof connect>, perOrganization: ReadonlyMap<string, number>) => sql<
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
