import { afterAll, expect, it } from 'vitest';
import { testOrganization } from '../../modules/testing/organization.ts';
import { testApp } from '../../platform/testing/app.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import * as module from './app.ts';
import manifest from './function.ts';

const database = await testDatabase();
const app = await testApp(database, { name: 'gateway-admin', manifest, module });
afterAll(async () => {
  await app.close();
  await database.close();
});
const mine = await testOrganization(database);
const theirs = await testOrganization(database);
const [request, key] = [crypto.randomUUID(), crypto.randomUUID()];

const add = (organization: string, columns: Record<string, unknown>, about: Record<string, unknown> = {}) =>
  database.owner`insert into usage_logs ${database.owner({
    ...{ organization_id: organization, action: 'gateway', cost: '0.00000001', ...columns },
    metadata: database.owner.json({ route: 'default', target: 'gpt', ms: 30, firstMs: 5, status: 200, ...about }),
  })}`;
const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 12, minute));
await add(
  mine.id,
  { request_id: request, attempt: 1, outcome: 'failed', cost: '0', created_at: at(1) },
  { status: 503 },
);
await add(
  mine.id,
  { request_id: request, attempt: 2, cost: '1.5', prompt_tokens: 10, completion_tokens: 2, created_at: at(1) },
  { target: 'giga', estimated: true },
);
await add(mine.id, { key_id: key, created_at: at(2) }, { route: 'cheap' });
await add(mine.id, { created_at: at(3) });
await add(mine.id, { action: 'search', created_at: at(4) });
await add(theirs.id, { key_id: key, created_at: at(2) });

const calls = (query = '') =>
  app.json(`GET /api/gateway/calls${query}` as 'GET /api/gateway/calls', { as: mine.owner });
const countOf = async (query: string) => (await calls(query)).body.items.length;

it('lists calls of the organization by time, key, route, target and outcome', async () => {
  expect(await countOf('')).toBe(4);
  expect(await countOf(`?key=${key}`)).toBe(1);
  expect(await countOf('?route=cheap')).toBe(1);
  expect(await countOf('?target=giga')).toBe(1);
  expect(await countOf('?outcome=failed')).toBe(1);
  expect(await countOf('?from=2026-01-01T12:02:00Z')).toBe(2);
  expect(await countOf('?from=2026-01-01T12:01:00Z&to=2026-01-01T12:02:00Z')).toBe(2);
  for (const query of ['?outcome=none', '?key=1', '?from=yesterday', '?cursor=x', '?more=1'])
    expect((await calls(query)).status).toBe(400);
});

it('pages through them', async () => {
  const seen: string[] = [];
  let query = '?limit=1';
  for (;;) {
    const { items, nextCursor } = (await calls(query)).body;
    seen.push(...items.map(({ id }: { id: string }) => id));
    if (nextCursor === null) break;
    query = `?limit=1&cursor=${nextCursor}`;
  }
  expect(new Set(seen).size).toBe(4);
});

it('shows the attempts at one request in order', async () => {
  const path = `GET /api/gateway/calls/${request}` as const;
  const { body } = await app.json(path, { as: mine.owner });
  expect(body).toMatchObject({
    requestId: request,
    cost: '1.50000000',
    attempts: [
      { attempt: 1, outcome: 'failed', target: 'gpt', status: 503, cost: '0.00000000' },
      { attempt: 2, outcome: 'done', target: 'giga', isEstimated: true, promptTokens: 10, ms: 30, firstMs: 5 },
    ],
  });
  expect((await app.json(path, { as: theirs.owner })).status).toBe(404);
  expect((await app.json(path, { as: await mine.addMember('member') })).status).toBe(404);
});
