import type { z } from 'zod';
import type { Transaction } from '../../../db/client.ts';
import type { Job } from './define-job.ts';

/** A UUID; `pandect jobs show` takes it. */
export type JobId = string;

export interface JobOptions {
  /** In place of the group that the job's definition names. */
  group?: string;
  /** The job begins at this time at the earliest, or after this many seconds. */
  startAfter?: Date | number;
  /** An integer; of the jobs that wait, those with a higher one begin first. 0 unless given. */
  priority?: number;
  /**
   * While a job of the queue with this key waits, no other is added: `send` returns the one that waits, whose payload and
   * options stand. It does not begin before the caller's transaction ends. A job that has begun does not count.
   */
  singleton?: string;
}

export interface Queue {
  /**
   * Adds a job in the caller's transaction: it exists exactly when the transaction commits. The payload names the work:
   * of jobs with the same one, those that failed for good before are forgotten when another is done.
   * @throws when the payload does not match the job's schema, or no worker has the queue
   */
  send<Schema extends z.ZodType>(
    tx: Transaction,
    job: Job<Schema>,
    payload: z.input<Schema>,
    options?: JobOptions,
  ): Promise<JobId>;
  /**
   * `send` for many payloads of one job, each with a singleton key of its own. Keys are locked in one order, so that several who do this
   * at once never wait for each other in a circle.
   */
  sendEach<Schema extends z.ZodType>(
    tx: Transaction,
    job: Job<Schema>,
    sent: readonly { payload: z.input<Schema>; singleton: string }[],
  ): Promise<void>;
  /**
   * Cancels a job that waits; of one that a worker has begun, the signal is aborted within seconds. In a transaction that
   * sees one organization, only jobs of that organization's group.
   * @returns false when there is no such job, or it has ended
   */
  cancel(tx: Transaction, job: Job, id: JobId): Promise<boolean>;
  close(): Promise<void>;
}
