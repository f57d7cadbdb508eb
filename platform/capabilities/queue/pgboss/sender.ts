import { sql } from 'drizzle-orm';
import { fromDrizzle } from 'pg-boss';
import { openQueueConnection } from '../../../../db/queue-connection.ts';
import type { Queue } from '../contract.ts';
import { checkPayload } from '../define-job.ts';
import { startBoss } from './start-boss.ts';

/** @throws when the database has no queues, or does not answer */
export async function openSender(url: string): Promise<Queue> {
  const connection = openQueueConnection({ url, applicationName: 'pandect queue' });
  const { boss, close } = await startBoss(connection, connection.close);
  return {
    async send(tx, job, payload, { startAfter, priority, singleton, ...options } = {}) {
      const data = checkPayload(job, payload);
      if (singleton !== undefined) {
        const [{ id } = {}] = await tx.execute<{ id: string | null }>(
          sql`select pgboss.pandect_waiting_job(${job.queue}, ${singleton}) as id`,
        );
        if (id) return id;
      }
      const group = options.group ?? job.group?.(data);
      const id = await boss.send(job.queue, data as object, {
        db: fromDrizzle(tx as never, sql as never),
        ...(group !== undefined && { group: { id: group } }),
        ...(startAfter !== undefined && { startAfter }),
        ...(priority !== undefined && { priority }),
        ...(singleton !== undefined && { singletonKey: singleton }),
      });
      if (id === null) throw new Error(`Send job to "${job.queue}": the queue did not take it`);
      return id;
    },
    async cancel(tx, { queue }, id) {
      const [{ cancelled } = {}] = await tx.execute<{ cancelled: boolean }>(
        sql`select pgboss.pandect_cancel_job(${queue}, ${id}::uuid) as cancelled`,
      );
      return cancelled === true;
    },
    close,
  };
}
