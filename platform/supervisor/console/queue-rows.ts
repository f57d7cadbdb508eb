import { workerQueues } from '../../kernel/worker-queues.ts';
import { capsOf } from '../scaling/scaler.ts';
import type { RowParts } from './unit-rows.ts';

/** A queue and what waits in it. */
export interface QueueRow {
  queue: string;
  /** The unit whose processes serve it, and how many of them there are. */
  worker: string;
  workers: number;
  isPaused: boolean;
  waiting: number;
  active: number;
  /** Jobs that wait for their time, mostly to be tried again. */
  retry: number;
  dead: number;
  oldestSeconds: number;
  /** Jobs of its worker that were begun; null for one of several queues of a worker, and while it is not known. */
  perMinute: number | null;
}

const EMPTY = { waiting: 0, active: 0, deferred: 0, dead: 0, oldestSeconds: 0 };

export async function queueRows({ platform: { units, queues }, figures }: RowParts): Promise<QueueRow[]> {
  const depths = await queues.read(capsOf(units.all.map(({ unit }) => unit)));
  return units.all.flatMap(({ name, unit, state }): QueueRow[] => {
    if (unit.kind !== 'worker') return [];
    const own = workerQueues(name, unit.manifest);
    const rate = figures.of(name).requestsPerSecond;
    return own.map(({ name: queue }) => {
      const { deferred: retry, waiting, active, dead, oldestSeconds } = depths.get(queue) ?? EMPTY;
      return {
        ...{ queue, worker: name, workers: state.current?.ready.length ?? 0, isPaused: state.record.paused ?? false },
        ...{ waiting, active, retry, dead, oldestSeconds: Math.round(oldestSeconds) },
        perMinute: own.length > 1 || rate === null ? null : rate * 60,
      };
    });
  });
}
