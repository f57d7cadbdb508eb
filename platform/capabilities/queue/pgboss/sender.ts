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
    async sendEach(tx, job, sent) {
      const jobs = sent
        .map(({ payload, singleton }) => ({ data: checkPayload(job, payload), singleton }))
        .toSorted((a, b) => (a.singleton < b.singleton ? -1 : 1));
      if (jobs.length === 0) return;
      const keys = JSON.stringify(jobs.map(({ singleton }) => singleton));
      const free = await tx.execute<{ key: string }>(sql`
        select key from jsonb_array_elements_text(${keys}::jsonb) key where pgboss.pandect_waiting_job(${job.queue}, key) is null`);
      const isFree = new Set([...free].map(({ key }) => key));
      const rows = jobs
        .filter(({ singleton }) => isFree.has(singleton))
        .map(({ data, singleton }) => {
          const group = job.group?.(data);
          return {
            data: data as object,
            singletonKey: singleton,
            ...(group !== undefined && { group: { id: group } }),
          };
        });
      if (rows.length > 0) await boss.insert(job.queue, rows, { db: fromDrizzle(tx as never, sql as never) });
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
