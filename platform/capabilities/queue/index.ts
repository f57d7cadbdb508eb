import type { Transaction } from '../../../db/client.ts';
import type { JobDesk } from './job-desk.ts';

export type { JobDesk } from './job-desk.ts';

export interface JobOptions {
  /** Jobs of one group share workers fairly with other groups. */
  group?: string;
}

export interface Queue {
  /**
   * Adds a job in the caller's transaction: it exists exactly when the transaction commits. The payload names the work:
   * of jobs with the same one, those that failed for good before are forgotten when another is done.
   */
  send(tx: Transaction, queue: string, payload: object, options?: JobOptions): Promise<void>;
  close(): Promise<void>;
}

/**
 * The sending half of the job queue; workers have their own, see `platform/runtime/run-worker.ts`, and operators a desk. The
 * library is loaded at the first job: it would be half of what a function loads at its start.
 */
export function createQueue(url: string): Queue {
  let opened: Promise<Queue> | undefined;
  const open = () =>
    (opened ??= import('./sender.ts')
      .then(({ openSender }) => openSender(url))
      .catch((error: unknown) => {
        opened = undefined; // the next `send` tries again
        throw error;
      }));
  return {
    send: async (...job) => (await open()).send(...job),
    close: async () => (await opened?.catch(() => undefined))?.close(),
  };
}

export const createJobDesk = async (url: string): Promise<JobDesk> =>
  (await import('./job-desk.ts')).createJobDesk(url);
