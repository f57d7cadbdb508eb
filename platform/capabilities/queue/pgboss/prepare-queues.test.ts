import { PgBoss } from 'pg-boss';
import { afterAll, describe, expect, it } from 'vitest';
import { connect } from '../../../../db/connect.ts';
import { queueConnection } from '../../../../db/queue-connection.ts';
import { testDatabase } from '../../../testing/database.ts';
import { prepareQueues } from './prepare-queues.ts';

const database = await testDatabase();
const pool = connect(database.ownerUrl);
const boss = new PgBoss({ db: queueConnection(pool), supervise: false, schedule: false });
await boss.start();
afterAll(async () => {
  await boss.stop({ graceful: false });
  await pool.end();
  await database.close();
});
const letters = { name: 'letters', attempts: 2, backoff: 3, timeout: 60 };

describe('prepareQueues', () => {
  it('completes a queue that an earlier version made, and keeps its jobs', async () => {
    await boss.createQueue('letters');
    const id = await boss.send('letters', { letter: 1 });
    await prepareQueues(database.ownerUrl, [letters]);
    expect(await boss.getQueue('letters')).toMatchObject({
      retryLimit: 1,
      retryDelay: 3,
      retryBackoff: true,
      retryDelayMax: 300,
      heartbeatSeconds: 10,
      deadLetter: 'letters-dead',
    });
    expect(await boss.findJobs('letters', { id: String(id) })).toHaveLength(1);
  });

  it('waits longer before each retry and differently for each job, and keeps what failed for good for 90 days', async () => {
    await prepareQueues(database.ownerUrl, [{ ...letters, name: 'cards', attempts: 3, backoff: 100 }]);
    for (let card = 1; card <= 4; card++) await boss.send('cards', { card });
    const failAll = async () => {
      await database.owner`update pgboss.job set start_after = now() where name = 'cards'`;
      await boss.fail('cards', await boss.fetch('cards', { batchSize: 4 }), new Error('no'));
    };
    await failAll();
    const first = await waits();
    await failAll();
    const second = await waits();
    for (const seconds of first) expect(seconds).toSatisfy((wait: number) => wait > 95 && wait <= 200);
    for (const seconds of second) expect(seconds).toSatisfy((wait: number) => wait > 195 && wait <= 300);
    expect(new Set(first).size).toBe(4);

    await failAll();
    const dead = await database.owner`
      select source_name, round(extract(epoch from keep_until - now()) / 86400)::int as days
      from pgboss.job where name = 'cards-dead'`;
    expect(dead.map((row) => ({ ...row }))).toEqual(Array(4).fill({ source_name: 'cards', days: 90 }));
  });

  it('lets functions add jobs to it, and neither see nor change what is in it', async () => {
    const tenant = connect(database.url('tenant'));
    await expect(tenant`select data from pgboss.job where name = 'cards-dead'`).rejects.toThrow('permission denied');
    await expect(tenant`delete from pgboss.job`).rejects.toThrow('permission denied');
    await tenant.end();
  });
});

async function waits(): Promise<number[]> {
  const rows = await database.owner<{ seconds: number }[]>`
    select extract(epoch from start_after - now())::float as seconds from pgboss.job where name = 'cards' and state = 'retry'`;
  return rows.map(({ seconds }) => seconds);
}
