import { afterAll, beforeEach, expect, it } from 'vitest';
import { reconcileUsage, usageKeptSince } from '../../modules/commerce/metering/index.ts';
import { previewRetention } from '../../modules/legal/retention/preview-retention.ts';
import { testOrganization } from '../../modules/testing/organization.ts';
import { newStorageKey } from '../../platform/capabilities/storage/index.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { testWorker } from '../../platform/testing/worker.ts';
import * as module from './handle.ts';
import { sweep } from './sweep.ts';
import manifest from './worker.ts';

const database = await testDatabase();
const worker = await testWorker(database, { name: 'maintenance', manifest, module });
afterAll(async () => {
  await worker.close();
  await database.close();
});
const now = new Date('2026-08-15T12:00:00Z');
const dates = ['2026-08-15T11:00:00Z', '2026-08-01T00:00:00Z', '2026-07-20T00:00:00Z', '2026-06-30T23:59:59Z'];
const nothing = { audit: undefined, conversations: undefined, replaced: undefined, usage: undefined };

let id: string;
beforeEach(async () => {
  const { id: organizationId, owner } = await testOrganization(database);
  id = organizationId;
  await database.owner`delete from organizations where id <> ${id}`;
  for (const at of dates) {
    await database.owner`insert into audit_log (organization_id, actor, action, created_at) values (${id}, 'a', 'b', ${at})`;
    await database.owner`
      insert into conversations (organization_id, user_id, title, created_at, updated_at)
      values (${id}, ${owner.userId}, 'Term', ${'2020-01-01T00:00:00Z'}, ${at})`;
    await database.owner`
      insert into documents (organization_id, title, file_name, format, bytes, sha256, storage_key, status, updated_at)
      values (${id}, 'Lease', 'a.txt', 'txt', 1000, ${`1${at}`}, ${newStorageKey()}, 'replaced', ${at}),
        (${id}, 'Lease', 'a.txt', 'txt', 1000, ${`2${at}`}, ${newStorageKey()}, 'ready', ${at})`;
    await database.owner`insert into usage_logs (organization_id, action, created_at) values (${id}, 'search', ${at})`;
    await database.owner`
      insert into usage_totals (organization_id, month, action, count, prompt_tokens, completion_tokens, cached_tokens, cost)
      values (${id}, ${`${at.slice(0, 7)}-01`}, 'search', 1, 0, 0, 0, 0)
      on conflict do nothing`;
  }
  await database.owner`
    update usage_totals t set count = (
      select count(*) from usage_logs l
      where date_trunc('month', l.created_at at time zone 'UTC') = t.month and l.organization_id = t.organization_id)`;
});
const left = async () => {
  const [row] = await database.owner`
    select (select count(*)::int from audit_log where actor = 'a') as acts, (select count(*)::int from conversations) as conversations,
      (select count(*)::int from usage_logs) as usage,
      (select count(*)::int from documents where status = 'replaced') as replaced,
      (select count(*)::int from documents where status = 'ready') as ready`;
  return row;
};

it('keeps everything unless it is told', async () => {
  const none = { acts: 0, conversations: 0, usage: 0, replaced: 0 };
  expect(await sweep({ ...worker.deps, retention: nothing }, now)).toMatchObject(none);
  expect(await left()).toEqual({ acts: 4, conversations: 4, usage: 4, replaced: 4, ready: 4 });
});

it('removes what is older than so many days, of usage whole months, and usage still adds up', async () => {
  const kept = { audit: 30, conversations: 10, replaced: 20, usage: 30 };
  const removed = { acts: 1, conversations: 3, usage: 1, replaced: 2 };
  expect(await sweep({ ...worker.deps, retention: kept }, now)).toMatchObject(removed);
  expect(await left()).toEqual({ acts: 3, conversations: 1, usage: 3, replaced: 2, ready: 4 });
  const none = { acts: 0, conversations: 0, usage: 0, replaced: 0 };
  expect(await sweep({ ...worker.deps, retention: kept }, now)).toMatchObject(none);
  expect(await reconcileUsage(database.platform)).not.toEqual([]);
  expect(await reconcileUsage(database.platform, usageKeptSince(30, now))).toEqual([]);
});

it('removes exactly what the preview says, which removes nothing', async () => {
  const before = await left();
  const kept = { ...nothing, audit: 30, conversations: 10, usage: 30 };
  await database.owner`
    insert into messages (conversation_id, organization_id, role, content)
    select id, organization_id, 'user', repeat('When is the rent due? ', 10) from conversations`;
  const preview = await previewRetention(database.platform, kept, now);
  expect(preview).toEqual([
    {
      ...{ kind: 'audit', days: 30, rows: 1, of: 4, bytes: expect.any(Number) },
      ...{ keptSince: '2026-07-16T12:00:00.000Z', oldest: '2026-06-30T23:59:59.000Z' },
    },
    {
      ...{ kind: 'conversations', days: 10, rows: 3, of: 4, bytes: expect.any(Number) },
      ...{ keptSince: '2026-08-05T12:00:00.000Z', oldest: '2026-06-30T23:59:59.000Z' },
    },
    { kind: 'replaced', days: null, keptSince: null, rows: 0, bytes: 0, oldest: null, of: 4 },
    {
      ...{ kind: 'usage', days: 30, rows: 1, of: 4, bytes: expect.any(Number) },
      ...{ keptSince: '2026-07-01T00:00:00.000Z', oldest: '2026-06-30T23:59:59.000Z' },
    },
  ]);
  expect(preview[1]?.bytes).toBeGreaterThan(3 * 220);
  expect(await left()).toEqual(before);
  expect(await sweep({ ...worker.deps, retention: kept }, now)).toMatchObject({ acts: 1, conversations: 3, usage: 1 });
  const [replaced] = (await previewRetention(database.platform, { ...nothing, replaced: 20 }, now)).slice(2, 3);
  expect(replaced).toMatchObject({ rows: 2, bytes: 2_000, of: 4 });
});

it('deletes replaced documents as people do: files stay for a backup, newer versions stand by themselves, and it is written down', async () => {
  const [old] =
    await database.owner`select id, storage_key from documents where status = 'replaced' order by updated_at`;
  await database.owner`update organizations set storage_used = 8000 where id = ${id}`;
  await database.owner`
    update documents set replaces = ${old?.id} where id = (select id from documents where status = 'ready' limit 1)`;
  expect(await sweep({ ...worker.deps, retention: { ...nothing, replaced: 40 } }, now)).toMatchObject({ replaced: 1 });
  const [row] = await database.owner`
    select (select storage_used::int from organizations where id = ${id}) as used,
      (select count(*)::int from documents where replaces is not null) as naming,
      (select count(*)::int from pgboss.job where data ->> 'storageKey' = ${old?.storage_key}) as jobs`;
  expect(row).toEqual({ used: 7000, naming: 0, jobs: 1 });
  const acts = await database.owner`select actor, target, details from audit_log where action = 'delete-document'`;
  expect([...acts]).toEqual([
    { actor: 'platform', target: old?.id, details: { title: 'Lease', bytes: 1000, reason: 'retention' } },
  ]);
});

it.each([
  ['audit_log', 'created_at', ''],
  ['conversations', 'updated_at', ''],
  ['documents', 'updated_at', `status = 'replaced' and`],
  ['usage_logs', 'created_at', ''],
])('finds what is old in %s without reading all of it', async (table, column, condition) => {
  const plan = await database.owner.begin(async (sql) => {
    await sql`set local enable_seqscan = off`;
    return sql.unsafe(`explain select id from ${table} where ${condition} ${column} < now() limit 5000`);
  });
  expect(JSON.stringify(plan)).toMatch(new RegExp(`Index Cond: .*${column} < now`));
});
