import type { JobWithMetadata } from 'pg-boss';
import { FinalFailure } from '../capabilities/queue/final-failure.ts';
import { unresponsiveEnds } from '../capabilities/queue/pgboss/return-jobs.ts';
import type { Log } from '../kernel/log.ts';
import type { Refused } from '../kernel/telemetry/limit-reasons.ts';
import { span } from '../kernel/telemetry/tracing.ts';
import type { Boot } from './boot.ts';
import { createJobProgress, type JobProgress } from './job-progress.ts';
import { tellRefusal } from './refusals.ts';
import type { Report } from './report.ts';

/** One delivery of a job. Delivery is at least once: handlers must be able to see the same job again. */
export interface Delivery {
  id: string;
  queue: string;
  payload: unknown;
  /** True when a failure of this attempt is final. */
  lastAttempt: boolean;
  /** How many processes in a row were ended for not answering while they had it; from the third attempt on it runs alone. */
  unresponsive: number;
  /** Aborted when the job's time is over, or when another process has it by now. */
  signal: AbortSignal;
  /** What is shown is written before the job ends, or not at all. */
  progress: JobProgress;
  log: Log;
  /** Counts what the work of an organization was refused for. */
  refused: Refused;
}

/** What a handler gets of one attempt. Its progress must be settled when the attempt ends. */
export const createDelivery = (
  { log, metrics }: Pick<Boot, 'log' | 'metrics'>,
  attempt: Omit<Delivery, 'progress' | 'log' | 'refused'>,
): Delivery => ({
  ...attempt,
  progress: createJobProgress(log),
  log,
  refused: (problem, organizationId) => tellRefusal({ metrics, log }, problem, organizationId),
});

/** Works on one attempt at a job, counted, timed and logged. @throws what may be kept of the error it failed with */
export async function workOnJob(
  { log: processLog, metrics }: Boot,
  report: Report,
  job: JobWithMetadata<unknown>,
  handle: (delivery: Delivery) => Promise<void>,
): Promise<void> {
  const counted = report.begin();
  const started = performance.now();
  const log = processLog.child({ job: job.id, attempt: job.retryCount + 1 });
  const lastAttempt = job.retryCount >= job.retryLimit;
  const { id, name: queue, data: payload, signal } = job;
  const unresponsive = unresponsiveEnds(job);
  const delivery = createDelivery({ log, metrics }, { id, queue, payload, lastAttempt, unresponsive, signal });
  let outcome: 'completed' | 'failed' = 'failed';
  try {
    await span(`job ${queue}`, { 'pandect.job': job.id }, () => handle(delivery));
    outcome = 'completed';
  } catch (error) {
    log.error({ error, final: lastAttempt || error instanceof FinalFailure }, 'Job failed');
    // What goes into the queue's table may hold nothing of a user's.
    throw new Error(error instanceof Error ? error.name : 'Error');
  } finally {
    await delivery.progress.settle();
    const ms = performance.now() - started;
    metrics.job(job.name, outcome, ms / 1000);
    log.info({ outcome, ms: Math.round(ms) }, 'Job');
    counted.answer(outcome === 'completed' ? 'ok' : 'failed');
    counted.end();
  }
}
