import type { Transaction } from '../../../db/client.ts';

interface JobOptions {
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
