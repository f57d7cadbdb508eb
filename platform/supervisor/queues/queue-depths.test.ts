import { PgBoss } from 'pg-boss';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../../../db/connect.ts';
import { loginRole, loginUrl } from '../../../db/logins.ts';
import { queueConnection } from '../../../db/queue-connection.ts';
import { asAdministrator, testDatabase } from '../../testing/database.ts';
import { queueDepths } from './queue-depths.ts';

const database = await testDatabase();
const pool = connect(database.ownerUrl);
const boss = new PgBoss({ db: queueConnection(pool), supervise: false, schedule: false });
await boss.start();
const failures: unknown[] = [];
let url = database.url('tenant-worker');
const depths = queueDepths(
  () => url,
  (error) => failures.push(error),
);
afterAll(async () => {
  await depths.close();
  await boss.stop({ graceful: false });
  await pool.end();
  await database.close();
});
beforeEach(() => database.owner`delete from pgboss.job`);

const empty = { waiting: 0, oldestSeconds: 0, held: 0, deferred: 0, active: 0, dead: 0 };
const others = {
  billing: empty,
  chats: empty,
  default: empty,
  external: empty,
  internal: empty,
  maintenance: empty,
  notify: empty,
  pictures: empty,
  polling: empty,
  reindex: empty,
  retry: empty,
  sending: empty,
  subscriptions: empty,
};
const send = (group: string, options: object = {}) => boss.send('ingest', {}, { group: { id: group }, ...options });

describe('queueDepths', () => {
  it('has every queue, those behind them left out', async () => {
    expect(Object.fromEntries(await depths.read())).toEqual({ ingest: empty, ...others });
  });

  it('counts what may begin, what is under way, what waits for its time, and what failed for good', async () => {
    for (let job = 0; job < 5; job++) await send('a');
    await send('a', { startAfter: 3600 });
    const [done, failed] = await boss.fetch('ingest', { batchSize: 3 });
    await boss.complete('ingest', String(done?.id));
    await boss.fail('ingest', String(failed?.id));
    await send('b', { retryLimit: 0, priority: 1 });
    await boss.fail('ingest', String((await boss.fetch('ingest'))[0]?.id));
    await database.owner`update pgboss.job set created_on = now() - interval '40 seconds', start_after = now() - interval '30 seconds' where state = 'created' and start_after <= now()`;
    const { oldestSeconds, ...rest } = (await depths.read()).get('ingest') ?? empty;
    expect(rest).toEqual({ waiting: 2, held: 0, deferred: 2, active: 1, dead: 1 });
    expect(Math.round(oldestSeconds)).toBe(30);
  });

  it('holds back what more processes would not begin either', async () => {
    for (let job = 0; job < 10; job++) await send('greedy');
    for (let job = 0; job < 3; job++) await send('modest');
    await boss.fetch('ingest', { groupConcurrency: 2 });
    const depth = (await depths.read(new Map([['ingest', 2]]))).get('ingest');
    expect(depth).toMatchObject({ active: 1, waiting: 1 + 2, held: 8 + 1 });
  });

  it('tells the last depth and complains once while the database is unavailable, and reads on when it is back', async () => {
    await send('a');
    const before = await depths.read();
    await asAdministrator(
      database.ownerUrl,
      (sql) => sql`alter database ${sql(database.name)} allow_connections false`,
    );
    await asAdministrator(
      database.ownerUrl,
      (sql) => sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = ${database.name} and application_name = 'pandect queue depths'`,
    );
    expect(await depths.read()).toEqual(before);
    expect(await depths.read()).toEqual(before);
    expect(failures).toHaveLength(1);
    await asAdministrator(database.ownerUrl, (sql) => sql`alter database ${sql(database.name)} allow_connections true`);
    await send('a');
    expect((await depths.read()).get('ingest')?.waiting).toBe(2);
  });

  it('reads on with the next password, without a complaint', async () => {
    const before = failures.length;
    const next = loginRole(database.name, 'tenant-worker', 1);
    await database.owner.unsafe(`create role "${next}" login password 'next' in role pandect_tenant, pandect_queue`);
    await database.owner.unsafe(`grant connect on database "${database.name}" to "${next}"`);
    await send('a');
    url = loginUrl(database.ownerUrl, 'tenant-worker', 'next', 1);
    expect((await depths.read()).get('ingest')?.waiting).toBe(1);
    const [row] = await database.owner`
      select usename from pg_stat_activity where datname = ${database.name} and application_name = 'pandect queue depths'`;
    expect([row?.usename, failures.length]).toEqual([next, before]);
  });

  it('does not wait for a database that hangs', async () => {
    const before = await depths.read();
    const blocker = connect(database.ownerUrl);
    await blocker.begin(async (tx) => {
      await tx`lock table pgboss.queue`;
      expect(await depths.read()).toBe(before);
    });
    await blocker.end();
    expect(await depths.read()).toEqual(before);
  });
});
