import { afterAll, describe, expect, it } from 'vitest';
import { recordUsage } from '../../platform/capabilities/usage/index.ts';
import { testApp } from '../../platform/testing/app.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { testOrganization } from '../../platform/testing/organization.ts';
import * as module from './app.ts';
import manifest from './function.ts';

const database = await testDatabase();
const app = await testApp(database, { name: 'usage', manifest, module });
afterAll(async () => {
  await app.close();
  await database.close();
});
const mine = await testOrganization(database, { tier: 'demo' });
const theirs = await testOrganization(database);
const record = (of: typeof mine, entry: Parameters<typeof recordUsage>[2]) =>
  database.tenant.tenant(of.id, (tx) => recordUsage(tx, of.owner, entry));

describe('GET /api/usage', () => {
  it('sums this month by action and model, for the caller’s organization alone', async () => {
    const query = { action: 'ai_query', model: 'm', promptTokens: 10, completionTokens: 2, cachedTokens: 4 } as const;
    await record(mine, query);
    await record(mine, query);
    await record(mine, { action: 'search' });
    await record(mine, { ...query, metadata: { old: true } });
    await database.owner`update usage_logs set created_at = now() - interval '32 days' where metadata ? 'old'`;
    await record(theirs, query);
    const { status, body } = await app.json('GET /api/usage', { as: mine.owner });
    expect(status).toBe(200);
    expect(body.since).toMatch(/^\d{4}-\d\d-01T00:00:00.000Z$/);
    expect(body.items).toEqual([
      { action: 'ai_query', model: 'm', count: 2, promptTokens: 20, completionTokens: 4, cachedTokens: 8 },
      { action: 'search', model: null, count: 1, promptTokens: 0, completionTokens: 0, cachedTokens: 0 },
    ]);
  });

  it('has nothing for an organization that used nothing', async () => {
    const { owner } = await testOrganization(database);
    expect((await app.json('GET /api/usage', { as: owner })).body.items).toEqual([]);
  });
});

describe('GET /api/limits', () => {
  it('shows what the plan allows, what is used and when it resets', async () => {
    const today = new Date().toISOString().slice(0, 10);
    await database.owner`insert into question_counters values
      (${mine.id}, 'day', ${today}, 3), (${mine.id}, 'month', ${`${today.slice(0, 7)}-01`}, 30), (${mine.id}, 'day', '2020-01-01', 9)`;
    const { status, body } = await app.json('GET /api/limits', { as: mine.owner });
    expect(status).toBe(200);
    expect(body).toEqual({
      tier: 'demo',
      questions: {
        day: { used: 3, limit: 10, resetSeconds: expect.any(Number) },
        month: { used: 30, limit: 100, resetSeconds: expect.any(Number) },
      },
      documents: { used: 0, limit: 5 },
      storageBytes: { used: 0, limit: 107_374_182 },
      fileBytes: 5 * 1024 ** 2,
      tokensPerQuestion: 500,
    });
    expect(body.questions.day.resetSeconds).toBeGreaterThan(0);
    expect(body.questions.day.resetSeconds).toBeLessThanOrEqual(86_400);
  });
});
