import { afterAll, beforeEach, expect, it } from 'vitest';
import { reconcileUsage, usageKeptSince } from '../../modules/commerce/metering/index.ts';
import { testOrganization } from '../../modules/testing/organization.ts';
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
const nothing = { audit: undefined, conversations: undefined, usage: undefined };

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
    select (select count(*)::int from audit_log) as acts, (select count(*)::int from conversations) as conversations,
      (select count(*)::int from usage_logs) as usage`;
  return row;
};

it('keeps everything unless it is told', async () => {
  expect(await sweep({ ...worker.deps, retention: nothing }, now)).toMatchObject({
    acts: 0,
    conversations: 0,
    usage: 0,
  });
  expect(await left()).toEqual({ acts: 4, conversations: 4, usage: 4 });
});

it('removes what is older than so many days, of usage whole months, and usage still adds up', async () => {
  const kept = { audit: 30, conversations: 10, usage: 30 };
  expect(await sweep({ ...worker.deps, retention: kept }, now)).toMatchObject({ acts: 1, conversations: 3, usage: 1 });
  expect(await left()).toEqual({ acts: 3, conversations: 1, usage: 3 });
  expect(await sweep({ ...worker.deps, retention: kept }, now)).toMatchObject({ acts: 0, conversations: 0, usage: 0 });
  expect(await reconcileUsage(database.platform)).not.toEqual([]);
  expect(await reconcileUsage(database.platform, usageKeptSince(30, now))).toEqual([]);
});
