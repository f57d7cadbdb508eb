import { describe, expect, it } from 'vitest';
import { testOrganization } from '../../modules/testing/organization.ts';
import { adminScene, noOverrides } from './admin.fixture.ts';

const { database, own, ask, acts } = await adminScene();

describe('limits of units', () => {
  const limits = async (id: string) => {
    const rows = await database.owner`select unit, period, amount::float8 from limits_of(${id}, ${id}, now())`;
    return Object.fromEntries(rows.map(({ unit, period, amount }) => [`${unit}/${period}`, amount]));
  };

  it('are set for one organization, for good or for a time, and taken back with all others', async () => {
    const { id } = await testOrganization(database, { tier: 'basic' });
    const put = (overrides: object) =>
      ask(`PUT /api/admin/organizations/${id}/overrides`, { ...noOverrides, ...overrides });
    const until = new Date(Date.now() + 60_000).toISOString();
    const units = [
      { unit: 'question', period: 'day', amount: 1000, until },
      { unit: 'user', period: 'concurrent', amount: 4 },
    ];
    expect((await put({ documents: 7, units })).body).toMatchObject({ documents: 7, questionsPerDay: null, units });
    expect((await ask(`GET /api/admin/organizations/${id}`)).body.overrides.units).toEqual(units);
    expect(await limits(id)).toMatchObject({ 'question/day': 1000, 'user/concurrent': 4, 'document/held': 7 });
    await database.owner`update owner_limits set until = now() where organization_id = ${id} and until is not null`;
    expect(await limits(id)).toMatchObject({ 'question/day': 50, 'user/concurrent': 4 });
    expect((await put({})).body.units).toEqual([]);
    expect(await limits(id)).not.toHaveProperty('user/concurrent');
    for (const bad of [
      { unit: 'unicorn', period: 'day', amount: 1 },
      { unit: 'question', period: 'year', amount: 1 },
      { unit: 'question', period: 'day', amount: 1 },
      { unit: 'document', period: 'held', amount: 1, until },
      { unit: 'user', period: 'concurrent', amount: -1 },
    ]) {
      expect((await put({ units: [bad] })).status).toBe(400);
    }
  });

  it('are set for a plan', async () => {
    const { tier: _, ...plan } = (await ask('GET /api/admin/plans/enterprise')).body;
    expect(plan.units).toEqual([
      { unit: 'image', period: 'concurrent', amount: 200 },
      { unit: 'image', period: 'day', amount: 1000 },
      { unit: 'image', period: 'month', amount: 20_000 },
      { unit: 'reading', period: 'concurrent', amount: 500 },
      { unit: 'reading', period: 'day', amount: 10_000 },
      { unit: 'reading', period: 'month', amount: 200_000 },
    ]);
    const units = [{ unit: 'user', period: 'day', amount: 3 }];
    expect((await ask('PUT /api/admin/plans/enterprise', { ...plan, units })).body.units).toEqual([
      ...plan.units,
      ...units,
    ]);
    const { id } = await testOrganization(database, { tier: 'enterprise' });
    expect(await limits(id)).toMatchObject({ 'user/day': 3, 'question/day': 1000 });
    const figure = { unit: 'document', period: 'held', amount: 3 };
    expect((await ask('PUT /api/admin/plans/enterprise', { ...plan, units: [figure] })).status).toBe(400);
  });

  it('are added to by credits, which may expire', async () => {
    const { id } = await testOrganization(database);
    const give = (json: object) => ask(`POST /api/admin/organizations/${id}/credits`, { reason: 'An outage', ...json });
    const expiresAt = new Date(Date.now() + 60_000).toISOString();
    expect((await give({ unit: 'document', amount: 2, expiresAt })).body).toEqual({
      ...{ questionCredits: 0, unit: 'document', amount: 2 },
    });
    expect((await give({ unit: 'document', amount: 3 })).body.amount).toBe(5);
    expect((await give({ unit: 'question', amount: 4 })).body).toEqual({
      questionCredits: 4,
      unit: 'question',
      amount: 4,
    });
    expect((await give({ questions: 1 })).body).toEqual({ questionCredits: 5 });
    for (const bad of [{ unit: 'unicorn', amount: 1 }, { unit: 'document' }, { unit: 'document', amount: 0 }]) {
      expect((await give(bad)).status).toBe(400);
    }
    const rows = await database.owner`
      select unit, amount::int from unit_credits where organization_id = ${id} order by unit, expires_at`;
    expect(rows.map(({ unit, amount }) => [unit, amount])).toEqual([
      ['document', 2],
      ['document', 3],
      ['question', 5],
    ]);
  });
});

describe('plans and prices', () => {
  it('change for everybody on the plan', async () => {
    const { tier: _, ...plan } = (await ask('GET /api/admin/plans/professional')).body;
    expect(plan).toMatchObject({ price: 1_500_000, documents: 500 });
    const put = (change: object) => ask('PUT /api/admin/plans/professional', { ...plan, ...change });
    expect((await put({ price: 1_600_050, documents: 501 })).body).toMatchObject({ price: 1_600_050, documents: 501 });
    expect((await put({})).body).toMatchObject({ price: 1_500_000 });
    for (const price of [0, -1, 0.5, 1e12, '5']) expect((await put({ price })).status).toBe(400);
    const demo = (await ask('GET /api/admin/plans/demo')).body;
    expect((await ask('PUT /api/admin/plans/demo', { ...demo, tier: undefined, price: 100 })).status).toBe(400);
    expect((await ask('GET /api/admin/plans/platinum')).status).toBe(404);
    expect(await acts(own.id)).toContain('change-plan');
  });

  it('of models are added from a time on, never for the past, and never twice for one', async () => {
    const price = { model: 'gpt-5', prompt: '100.5', completion: '200.00', cached: '50' };
    const validFrom = new Date(Date.now() + 3_600_000).toISOString();
    const add = (change: object) => ask('POST /api/admin/prices', { ...price, ...change });
    expect(await add({ validFrom })).toMatchObject({
      status: 201,
      body: { prompt: '100.50', validFrom, reasoning: null },
    });
    const tier = { validFrom, aboveTokens: 200_000, cacheWrite: '125.00', image: '3.70000000' };
    expect(await add(tier)).toMatchObject({ status: 201, body: tier });
    for (const wrong of [
      { validFrom },
      { validFrom: '2020-01-01T00:00:00Z' },
      { prompt: '-1' },
      { prompt: '1.005' },
      { prompt: 1 },
      { prompt: '1e9' },
      { prompt: '99999999999' },
      { aboveTokens: -1 },
      { second: '0.000000001' },
      { colour: '1' },
    ]) {
      expect((await add(wrong)).status).toBe(400);
    }
    const { items } = (await ask('GET /api/admin/prices')).body;
    expect(items.filter(({ model }: { model: string }) => model === 'gpt-5')).toHaveLength(2);
  });
});

describe('keys and usage', () => {
  it('put a key on the internal channel', async () => {
    const { id, owner } = await testOrganization(database);
    const [key] = await database.owner<{ id: string }[]>`
      insert into api_keys (organization_id, user_id, name, prefix, key_hash, scopes)
      values (${id}, ${owner.userId}, 'Robot', 'pandect_x', ${crypto.randomUUID()}, '{ask}') returning id`;
    // What it was called before it was rotated.
    await database.owner`
      insert into api_keys (organization_id, user_id, name, prefix, key_hash, scopes, replaced_by)
      values (${id}, ${owner.userId}, 'Robot', 'pandect_y', ${crypto.randomUUID()}, '{ask}', ${key?.id as string})`;
    const patch = (channel: string) => ask(`PATCH /api/admin/keys/${key?.id}`, { channel });
    expect((await patch('internal')).body).toMatchObject({ organizationId: id, channel: 'internal' });
    expect((await patch('root')).status).toBe(400);
    const channels = await database.owner`select channel from api_keys where organization_id = ${id}`;
    expect(channels.map(({ channel }) => channel)).toEqual(['internal', 'internal']);
    expect(await acts(id)).toEqual(['change-key-channel']);
  });

  it('sum what each organization used in a month', async () => {
    const { id } = await testOrganization(database, { name: 'Busy' });
    const add = (month: string, model: string, cost: string) => database.owner`
      insert into usage_totals (organization_id, month, action, model, count, prompt_tokens, completion_tokens, cached_tokens, cost)
      values (${id}, ${month}, 'ai_query', ${model}, 2, 100, 10, 1, ${cost})`;
    await add('2026-03-01', 'a', '0.10000001');
    await add('2026-03-01', 'b', '0.20000002');
    await add('2026-04-01', 'a', '9');
    const { body } = await ask('GET /api/admin/usage?month=2026-03');
    expect(body.items).toEqual([
      {
        ...{ organizationId: id, name: 'Busy', tier: 'enterprise', count: 4, promptTokens: 200, completionTokens: 20 },
        ...{ cachedTokens: 2, cost: '0.30000003' },
      },
    ]);
    for (const month of ['2026-13', '2026', 'now'])
      expect((await ask(`GET /api/admin/usage?month=${month}`)).status).toBe(400);
  });
});
