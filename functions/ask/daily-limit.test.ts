import { describe, expect, it } from 'vitest';
import { testOrganization } from '../../modules/testing/organization.ts';
import { askScene, rent } from './ask.fixture.ts';

const { database, app, ask, usedToday } = await askScene();

describe('the daily limit', () => {
  it('lets exactly as many of many at once through as the plan allows, and says why not in Russian', async () => {
    const org = await testOrganization(database, { tier: 'demo' });
    await database.owner`insert into plan_overrides (organization_id, concurrent_questions) values (${org.id}, 20)`;
    const answers = await Promise.all(
      Array.from({ length: 15 }, (_, n) => ask({ question: `Question ${n}?` }, org.owner, { 'accept-language': 'ru' })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(5);
    expect(refused[0]?.body).toMatchObject({
      type: 'urn:pandect:problem:daily-questions-used',
      title: 'Превышен дневной лимит запросов',
      detail: 'Превышен дневной лимит запросов (10)',
      ...{ limit: 10, used: 10, resetSeconds: expect.any(Number), resetAt: expect.any(String) },
      ...{ nextTier: 'basic', nextTierLimit: 50 },
    });
    expect(await usedToday(org.id)).toBe(10);
  });

  it('is written about to owners and admins once when it is near and once when it is reached', async () => {
    const org = await testOrganization(database, { tier: 'demo' });
    await org.addMember('member');
    const today = new Date().toISOString().slice(0, 10);
    await database.owner`insert into question_counters values (${org.id}, 'day', ${today}, 6)`;
    for (let n = 0; n < 4; n++) expect((await ask({ question: `Question ${n}?` }, org.owner)).status).toBe(200);
    const rows = await database.owner`
      select kind, reference, email, parameters from notifications where organization_id = ${org.id} order by created_at`;
    const resetAt = expect.stringMatching(/T00:00:00.000Z$/);
    const told = { email: org.owner.email, parameters: { what: 'questions/day', limit: 10, resetAt } };
    expect([...rows]).toEqual(
      [
        { kind: 'limit-near', share: 80, used: 8 },
        { kind: 'limit-reached', share: 100, used: 10 },
      ].map(({ kind, share, used }) => ({
        ...{ kind, reference: `questions/day/${today}/${share}`, email: told.email },
        parameters: { ...told.parameters, used },
      })),
    );
    const jobs = await database.owner`select 1 from pgboss.job where name = 'notify' and group_id = ${org.id}`;
    expect(jobs).toHaveLength(2);
  });

  it('refuses a stream with an ordinary problem', async () => {
    const org = await testOrganization(database, { tier: 'demo' });
    const today = new Date().toISOString().slice(0, 10);
    await database.owner`insert into question_counters values (${org.id}, 'day', ${today}, 10)`;
    const response = await app.request('POST /api/ask', { as: org.owner, json: { question: rent, stream: true } });
    expect([response.status, response.headers.get('content-type')]).toEqual([429, 'application/problem+json']);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});
