import { PgBoss } from 'pg-boss';
import { afterAll, describe, expect, it } from 'vitest';
import { connect } from '../../../../db/connect.ts';
import { queueConnection } from '../../../../db/queue-connection.ts';
import { testDatabase } from '../../../testing/database.ts';
import { openDatabaseFigures } from './database-figures.ts';

const database = await testDatabase();
const pool = connect(database.ownerUrl);
const boss = new PgBoss({ db: queueConnection(pool), supervise: false, schedule: false });
await boss.start();
const figures = openDatabaseFigures(database.ownerUrl);
afterAll(async () => {
  await figures.close();
  await boss.stop({ graceful: false });
  await pool.end();
  await database.close();
});

type Families = Awaited<ReturnType<typeof figures.activity>>;
const valueIn = (families: Families, name: string, labels: Record<string, string> = {}) =>
  families
    .find((family) => family.name === name)
    ?.series.find((sample) => Object.entries(labels).every(([key, value]) => sample.labels?.[key] === value))?.value;

describe('figures of the database', () => {
  it('count connections by what they do, and say how many there may be', async () => {
    const before = valueIn(await figures.activity(), 'pandect_database_connections', { state: 'idle in transaction' });
    expect(before).toBe(0);
    await pool.begin(async (tx) => {
      await tx`select 1`;
      const during = await figures.activity();
      expect(valueIn(during, 'pandect_database_connections', { state: 'idle in transaction' })).toBe(1);
      expect(valueIn(during, 'pandect_database_connections', { state: 'active' })).toBeGreaterThanOrEqual(1);
      expect(valueIn(during, 'pandect_database_connections_max')).toBeGreaterThan(10);
      expect(valueIn(during, 'pandect_database_longest_statement_seconds')).toBeLessThan(60);
    });
  });

  it('count connections to other databases of the server, also for a role that sees nothing of them', async () => {
    const other = await testDatabase();
    const taken = async (url: string) => {
      const reader = openDatabaseFigures(url);
      return valueIn(await reader.activity(), 'pandect_database_server_connections') ?? 0;
    };
    const clients = Array.from({ length: 8 }, () => connect(other.ownerUrl, { max: 1 }));
    try {
      await Promise.all(clients.map((client) => client`select 1`));
      const [own] = await database.owner<[{ count: number }]>`
        select count(*)::int as count from pg_stat_activity where datname = current_database()`;
      const { hostname, port, searchParams } = new URL(database.url('tenant'));
      expect([hostname, port, searchParams].length).toBe(3);
      for (const url of [database.ownerUrl, database.url('tenant')]) {
        expect(await taken(url)).toBeGreaterThanOrEqual(own.count + clients.length - 1);
      }
    } finally {
      await Promise.all(clients.map((client) => client.end()));
      await other.close();
    }
  });

  it('count the jobs of each queue', async () => {
    await boss.send('ingest', {});
    await boss.send('ingest', {}, { startAfter: 3600 });
    const families = await figures.queues(new Map());
    const jobs = (state: string) => valueIn(families, 'pandect_queue_jobs', { queue: 'ingest', state });
    expect(['waiting', 'held', 'deferred', 'active', 'dead'].map(jobs)).toEqual([1, 0, 1, 0, 0]);
    expect(valueIn(families, 'pandect_queue_oldest_seconds', { queue: 'ingest' })).toBeGreaterThanOrEqual(0);
    expect(valueIn(families, 'pandect_queue_oldest_seconds', { queue: 'notify' })).toBe(0);
  });

  it('have the size of every table, and of no partition', async () => {
    const [family] = await figures.sizes();
    const tables = family?.series.map(({ labels }) => labels?.table) ?? [];
    expect(tables).toEqual(expect.arrayContaining(['documents', 'usage_logs', 'pgboss.job']));
    expect(tables.length).toBeLessThan(150);
    expect(
      valueIn([family as Families[number]], 'pandect_database_size_bytes', { table: 'documents' }),
    ).toBeGreaterThan(0);
  });

  it('have what models cost in this month', async () => {
    const [{ id } = { id: '' }] = await database.owner`insert into organizations (name) values ('A') returning id`;
    const add = (month: string, model: string | null, cost: number) => database.owner`
      insert into usage_totals (organization_id, month, user_id, action, model, count, prompt_tokens, completion_tokens, cached_tokens, cost)
      values (${id}, ${month}, gen_random_uuid(), 'question', ${model}, 1, 1, 1, 0, ${cost})`;
    const month = `${new Date().toISOString().slice(0, 7)}-01`;
    await add(month, 'large', 1.5);
    await add(month, 'large', 2);
    await add(month, null, 7);
    await add('2020-01-01', 'large', 100);
    expect((await figures.cost())[0]?.series).toEqual([{ labels: { model: 'large' }, value: 3.5 }]);
  });

  it('are refused while the database does not answer, and are back with it', async () => {
    const away = openDatabaseFigures(database.ownerUrl.replace(/\/[^/]*$/, '/missing'));
    await expect(away.activity()).rejects.toThrow();
    await away.close();
  });
});
