import { sql } from 'drizzle-orm';
import { fromDrizzle, PgBoss } from 'pg-boss';
import { openQueueConnection } from '../../../db/queue-connection.ts';
import type { Queue } from './contract.ts';

/** The library, started. @throws when the database has no queues, or does not answer */
export async function openSender(url: string): Promise<Queue> {
  const connection = openQueueConnection({ url, applicationName: 'pandect queue' });
  const boss = new PgBoss({
    db: connection,
    supervise: false,
    schedule: false,
    migrate: false,
    createSchema: false,
  });
  boss.on('error', () => {}); // its timers report here what the next `send` throws
  const close = async () => {
    await boss.stop({ graceful: false });
    await connection.close();
  };
  await boss.start().catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return {
    async send(tx, queue, payload, { group } = {}) {
      const db = fromDrizzle(tx as never, sql as never);
      await boss.send(queue, payload, { db, ...(group && { group: { id: group } }) });
    },
    close,
  };
}
