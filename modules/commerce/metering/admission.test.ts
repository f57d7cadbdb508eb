import { describe, expect, it } from 'vitest';
import { testOrganization } from '../../testing/organization.ts';
import { policyModels } from '../../testing/policy-models.ts';
import { admissionScene, at, later, question } from './admission.fixture.ts';
import { createAdmission } from './admission.ts';

const { database, ask, organization, setUsed, counters, minutes, reservations } = await admissionScene();

describe('an admitted question', () => {
  it('is reserved in the periods of its moment, with its tokens and what they cost at most', async () => {
    const org = await organization();
    expect(await ask(org)).toEqual({
      requestId: expect.any(String),
      at,
      plan: {
        ...{ tier: 'demo', modelPolicy: 'standard', maxTokensPerQuestion: 500 },
        ...{ questionsPerDay: 10, questionsPerMonth: 100 },
      },
      documentsVersion: 0,
      used: { day: 1, month: 1 },
      targets: ['gpt-3.5-turbo'],
    });
    expect(await counters(org)).toEqual({ 'day 2026-01-31': 1, 'month 2026-01-01': 1 });
    expect(await minutes(org)).toEqual([{ channel: 'external', tokens: 200 }]);
    // 100 prompt tokens at 50 roubles a million and 100 others at 150.
    expect(await reservations(org)).toEqual([
      {
        ...{ state: 'reserved', source: 'plan', tokens: 200, model: 'gpt-3.5-turbo', cost: '0.02000000' },
        ...{ day: '2026-01-31', month: '2026-01-01' },
      },
    ]);
  });

  it('is reserved at the price of the dearest model that may be asked, whatever its place', async () => {
    const org = await organization();
    const standard = [
      { target: 'dear', price: 'gpt-4' },
      { target: 'cheap', price: 'gpt-3.5-turbo' },
    ];
    for (const targets of [standard, standard.toReversed()]) {
      const { targets: admitted } = await ask(org, { models: { ...policyModels('gpt-4'), standard: targets } });
      expect(admitted).toEqual(targets.map(({ target }) => target));
    }
    expect((await reservations(org)).map(({ model }) => model)).toEqual(['gpt-4', 'gpt-4']);
  });

  it('reserves the larger of limits that contradict each other, and the plan’s tokens without one', async () => {
    const org = await organization();
    await ask(org, { tokens: { questionTokens: 1, contextTokens: 0, maxTokens: [30, undefined, 70] } });
    await ask(org, { tokens: { questionTokens: 1, contextTokens: 0, maxTokens: [undefined] } });
    expect((await reservations(org)).map(({ tokens }) => tokens)).toEqual([71, 501]);
  });

  it('passes first under a small limit of tokens a minute, with less room for its answer', async () => {
    const small = createAdmission(database.tenant, {
      tokensPerMinute: { external: 120, internal: 120 },
    });
    const org = await organization();
    await small.admit(question(org), at);
    expect(await minutes(org)).toEqual([{ channel: 'external', tokens: 120 }]);
    await expect(small.admit(question(org), at)).rejects.toMatchObject({
      type: 'tokens-per-minute-used',
      parameters: { what: 'minute', limit: 120, used: 120, resetSeconds: 1, resetAt: later.toISOString() },
      headers: {
        'retry-after': '1',
        ratelimit: '"tokens-per-minute";r=0;t=1',
        'ratelimit-policy': '"tokens-per-minute";q=120;w=60',
      },
    });
    await small.admit(question(org), later);
  });

  it('has its own minute in each channel', async () => {
    const org = await organization();
    await ask(org);
    await ask(org, { caller: { ...org.owner, channel: 'internal' } });
    expect(await minutes(org)).toEqual([
      { channel: 'external', tokens: 200 },
      { channel: 'internal', tokens: 200 },
    ]);
  });

  it('starts over with the next day and the next month', async () => {
    const org = await organization();
    await setUsed(org.id, 'day', '2026-01-31', 10);
    await setUsed(org.id, 'month', '2026-01-01', 100);
    await ask(org, {}, later);
    expect(await counters(org)).toMatchObject({ 'day 2026-02-01': 1, 'month 2026-02-01': 1 });
  });

  it('takes a changed plan and a changed override at once', async () => {
    const org = await organization();
    await setUsed(org.id, 'day', '2026-01-31', 10);
    await database.owner`update organizations set tier = 'basic' where id = ${org.id}`;
    expect((await ask(org)).plan.questionsPerDay).toBe(50);
    await database.owner`update plan_overrides set questions_per_day = 11 where organization_id = ${org.id}`;
    await expect(ask(org)).rejects.toMatchObject({ type: 'daily-questions-used', parameters: { limit: 11 } });
  });

  it('has the price of its moment: the newest that had begun, a model without one that of all others', async () => {
    await database.owner`insert into model_prices values
      ('priced', '2026-01-10', 10, 0, 0), ('priced', '2026-01-20', 20, 0, 0), ('priced', '2026-02-01', 90, 0, 0)`;
    const org = await organization();
    const models = (name: string) => policyModels(name);
    await ask(org, { models: models('priced') });
    await ask(org, { models: models('never heard of') });
    expect((await reservations(org)).map(({ cost }) => cost)).toEqual(['0.00200000', '4.00000000']);
  });

  it('is not admitted for a price that no one knows', async () => {
    const org = await organization();
    await expect(ask(org, {}, new Date('2020-01-01'))).rejects.toMatchObject({ type: 'price-missing', status: 503 });
    expect([await counters(org), await minutes(org), await reservations(org)]).toEqual([{}, [], []]);
  });
});

describe('a reservation', () => {
  it('stays open for as long as its own caller says', async () => {
    const org = await organization();
    await Promise.all([20, 600].map((secondsOpen) => ask(org, { secondsOpen })));
    const open = await database.owner`
      select extract(epoch from expires_at - created_at)::int as seconds from usage_reservations
      where organization_id = ${org.id} order by 1`;
    expect(open.map(({ seconds }) => seconds)).toEqual([20, 600]);
  });

  it('stays open longer when the same request comes again with more time, and never shorter', async () => {
    const org = await organization();
    const requestId = crypto.randomUUID();
    for (const secondsOpen of [60, 600, 20]) await ask(org, { requestId, secondsOpen });
    const [open] = await database.owner`
      select extract(epoch from expires_at - created_at)::int as seconds from usage_reservations
      where organization_id = ${org.id}`;
    expect(open).toEqual({ seconds: 600 });
  });
});

describe('a refused question', () => {
  it.each([
    [
      'the day',
      { questions_per_day: 0 },
      'daily-questions-used',
      { limit: 0, used: 0, nextTier: 'basic', nextTierLimit: 50, resetSeconds: 1 },
    ],
    [
      'the month',
      { questions_per_month: 0 },
      'monthly-questions-used',
      { limit: 0, nextTier: 'basic', nextTierLimit: 500, resetAt: '2026-02-01T00:00:00.000Z' },
    ],
    ['its place', { concurrent_questions: 0 }, 'too-many-questions-at-once', { limit: 0, nextTier: 'basic' }],
    [
      'its own length',
      { max_tokens_per_question: 9 },
      'plan-limit-reached',
      { what: 'tokens', limit: 9, used: 10, nextTier: 'basic', nextTierLimit: 1000 },
    ],
  ])('for %s takes nothing from any other limit', async (_, figures, type, parameters) => {
    const org = await organization(figures);
    await expect(ask(org)).rejects.toMatchObject({ type, parameters });
    expect([await counters(org), await minutes(org), await reservations(org)]).toEqual([{}, [], []]);
  });

  it('that is larger than a minute takes nothing, and the next one passes', async () => {
    const org = await organization({ max_tokens_per_question: 1_000_000 });
    const tokens = { questionTokens: 10, contextTokens: 100_000, maxTokens: [] };
    await expect(ask(org, { tokens })).rejects.toMatchObject({
      type: 'plan-limit-reached',
      parameters: { what: 'tokens', limit: 100_000, used: 100_010 },
    });
    expect(await minutes(org)).toEqual([]);
    await ask(org);
  });

  it('names no tier above the highest', async () => {
    const org = await organization({ questions_per_day: 1000 }, 'enterprise');
    await setUsed(org.id, 'day', '2026-01-31', 1000);
    const error = await ask(org).catch((thrown) => thrown);
    expect(error.type).toBe('daily-questions-used');
    expect(error.parameters).not.toHaveProperty('nextTier');
  });

  it('is one of an organization that is gone, suspended or being erased', async () => {
    const gone = await testOrganization(database);
    await database.owner`delete from organizations where id = ${gone.id}`;
    await expect(ask(gone)).rejects.toMatchObject({ type: 'not-found' });
    for (const column of ['suspended_at', 'erasure_requested_at']) {
      const org = await organization();
      await database.owner`update organizations set ${database.owner(column)} = now() where id = ${org.id}`;
      await expect(ask(org)).rejects.toMatchObject({ type: 'organization-suspended', status: 403 });
      expect(await counters(org)).toEqual({});
    }
  });
});
