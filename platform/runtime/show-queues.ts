import type { Db } from 'pg-boss';
import type { Metrics, SharedValue } from '../kernel/telemetry/metrics.ts';

/** What there is to do in queues. Each process that serves a queue shows the same, which a supervisor would tell of all of them. */
export function showQueues(metrics: Metrics, connection: Pick<Db, 'executeSql'>, queues: readonly string[]): void {
  const read = async () => (await connection.executeSql(COUNTS, [queues])).rows as Row[];
  metrics.sharedGauges('pandect_queue_jobs', 'Jobs by state', async () => (await read()).flatMap(jobsOf));
  metrics.sharedGauges(
    'pandect_queue_oldest_seconds',
    'How long the oldest job that could begin has waited',
    async () => (await read()).map(({ queue, oldest }) => ({ labels: { queue }, value: Number(oldest) })),
  );
}

interface Row {
  queue: string;
  waiting: number;
  active: number;
  dead: number;
  oldest: number;
}

const jobsOf = ({ queue, ...counts }: Row): SharedValue[] =>
  (['waiting', 'active', 'dead'] as const).map((state) => ({ labels: { queue, state }, value: Number(counts[state]) }));

const COUNTS = `
  select queue.name as queue,
    count(job.id) filter (where job.name = queue.name and job.state < 'active' and not job.blocked and job.start_after <= now())::int as waiting,
    count(job.id) filter (where job.name = queue.name and job.state = 'active')::int as active,
    count(job.id) filter (where job.name = queue.dead_letter and job.state < 'active')::int as dead,
    coalesce(extract(epoch from now() - min(greatest(job.created_on, job.start_after))
      filter (where job.name = queue.name and job.state < 'active' and not job.blocked and job.start_after <= now())), 0)::float as oldest
  from pgboss.queue left join pgboss.job on job.name in (queue.name, queue.dead_letter) and job.state <= 'active'
  where queue.name = any($1::text[]) group by queue.name`;
