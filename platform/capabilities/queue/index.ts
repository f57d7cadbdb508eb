import { sql } from 'drizzle-orm';
import { fromDrizzle, PgBoss } from 'pg-boss';
import type { Transaction } from '../../../db/client.ts';
import { openQueueConnection } from '../../../db/queue-connection.ts';

export { createJobDesk, type JobDesk } from './job-desk.ts';

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

/** The sending half of the job queue; workers have their own, see `platform/runtime/run-worker.ts`, and operators a desk. */
export function createQueue(url: string): Queue {
  const connection = openQueueConnection({ url, applicationName: 'pandect queue' });
  const boss = new PgBoss({
    db: connection,
    supervise: false,
    schedule: false,
    migrate: false,
    createSchema: false,
  });
  boss.on('error', () => {}); // its timers report here what the next `send` throws
  let started: Promise<unknown> | undefined;
  const start = () =>
    (started ??= boss.start().catch((error: unknown) => {
      started = undefined; // the next `send` tries again
      throw error;
    }));
  return {
    async send(tx, queue, payload, options = {}) {
      await start();
      await boss.send(queue, payload, {
        db: fromDrizzle(tx as never, sql as never),
        ...(options.group && { group: { id: options.group } }),
      });
    },
    async close() {
      await boss.stop({ graceful: false });
      await connection.close();
    },
  };
}
