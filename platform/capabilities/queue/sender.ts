import { sql } from 'drizzle-orm';
import { fromDrizzle } from 'pg-boss';
import { openQueueConnection } from '../../../db/queue-connection.ts';
import type { Queue } from './contract.ts';
import { startBoss } from './start-boss.ts';

/** @throws when the database has no queues, or does not answer */
export async function openSender(url: string): Promise<Queue> {
  const connection = openQueueConnection({ url, applicationName: 'pandect queue' });
  const { boss, close } = await startBoss(connection, connection.close);
  return {
    async send(tx, queue, payload, { group } = {}) {
      const db = fromDrizzle(tx as never, sql as never);
      await boss.send(queue, payload, { db, ...(group && { group: { id: group } }) });
    },
    close,
  };
}
