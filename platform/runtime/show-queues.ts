import type { Db } from 'pg-boss';
import { countStatesQuery, type QueueStates } from '../capabilities/queue/pgboss/count-states-query.ts';
import type { Metrics, SharedValue } from '../kernel/telemetry/metrics.ts';

/** What there is to do in queues. Each process that serves a queue shows the same, which a supervisor would tell of all of them. */
export function showQueues(metrics: Metrics, connection: Pick<Db, 'executeSql'>, queues: readonly string[]): void {
  const read = async () => (await connection.executeSql(countStatesQuery, [queues])).rows as QueueStates[];
  metrics.sharedGauges('pandect_queue_jobs', 'Jobs by state', async () => (await read()).flatMap(jobsOf));
  metrics.sharedGauges(
    'pandect_queue_oldest_seconds',
    'How long the oldest job that could begin has waited',
    async () => (await read()).map(({ queue, oldest }) => ({ labels: { queue }, value: Number(oldest) })),
  );
}

const jobsOf = ({ queue, ...counts }: QueueStates): SharedValue[] =>
  (['waiting', 'active', 'dead'] as const).map((state) => ({ labels: { queue, state }, value: Number(counts[state]) }));
