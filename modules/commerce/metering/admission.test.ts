import { afterAll, describe, expect, it } from 'vitest';
import { createDatabase } from '../../../db/client.ts';
import { testDatabase } from '../../../platform/testing/database.ts';
import { type TestOrganization, testOrganization } from '../../testing/organization.ts';
import { policyModels } from '../../testing/policy-models.ts';
import { type AdmissionRequest, createAdmission } from './admission.ts';
import { releaseUnits, settleUnits, startAttempt } from './index.ts';

const database = await testDatabase({ connections: 10 });
afterAll(() => database.close());

const at = new Date('2026-01-31T23:59:59.900Z');
const later = new Date('2026-02-01T00:00:00.000Z');
const tokensPerMinute = { external: 100_000, internal: 1_000_000 };
const admission = createAdmission(database.tenant, { tokensPerMinute });

/** A question of 10 tokens with 90 around it and room for 100. */
const question = (org: TestOrganization, changes: Partial<AdmissionRequest> = {}): AdmissionRequest => ({
  caller: org.owner,
  requestId: crypto.randomUUID(),
  tokens: { questionTokens: 10, contextTokens: 90, maxTokens: [100] },
  models: policyModels('gpt-3.5-turbo', 'gpt-4'),
  secondsOpen: 60,
  ...changes,
});
const ask = (org: TestOrganization, changes?: Partial<AdmissionRequest>, moment = at) =>
  admission.admit(question(org, changes), moment);
const release = (org: TestOrganization, requestId: string) =>
  database.tenant.tenant(org.id, (tx) => releaseUnits(tx, org.id, requestId));
/** An organization with these figures in place of its plan's. */
async function organization(figures: Record<string, number | string> = {}, tier = 'demo'): Promise<TestOrganization> {
  const org = await testOrganization(database, { tier });
  const row = { organization_id: org.id, concurrent_questions: 1000, ...figures };
  await database.owner`insert into plan_overrides ${database.owner(row)}`;
  return org;
}
const setUsed = (id: string, period: 'day' | 'month', start: string, used: number) => database.owner`
  insert into question_counters values (${id}, ${period}, ${start}, ${used})
  on conflict (organization_id, period, start) do update set used = ${used}`;
const counters = async ({ id }: TestOrganization) =>
  Object.fromEntries(
    (
      await database.owner`select period || ' ' || start as name, used from question_counters
        where organization_id = ${id} order by 1`
    ).map(({ name, used }) => [name, used]),
  );
const minutes = async ({ id }: TestOrganization) => [
  ...(await database.owner`select channel, tokens::int from token_counters where organization_id = ${id} order by 1`),
];
const reservations = async ({ id }: TestOrganization) => [
  ...(await database.owner`
    select state, source, tokens::int, model, cost, day::text, month::text from usage_reservations
    where organization_id = ${id} order by usage_reservations.cost`),
];
const credits = async ({ id }: TestOrganization) =>
  (await database.owner`select question_credits::int as n from organizations where id = ${id}`)[0]?.n;

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

describe('of many questions at once', () => {
  it('exactly as many are admitted as are left, over several processes', async () => {
    const org = await organization({ questions_per_day: 1_000_000, questions_per_month: 1_000_000 }, 'enterprise');
    await setUsed(org.id, 'day', '2026-01-31', 999_990);
    const others = await Promise.all([1, 2, 3].map(() => createPool()));
    const admissions = [admission, ...others.map(({ made }) => made)];
    const outcomes = await Promise.allSettled(
      Array.from({ length: 1000 }, (_, n) => admissions[n % 4]?.admit(question(org), at)),
    );
    await Promise.all(others.map(({ close }) => close()));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.type] : []));
    expect(new Set(reasons)).toEqual(new Set(['daily-questions-used']));
    expect(await counters(org)).toEqual({ 'day 2026-01-31': 1_000_000, 'month 2026-01-01': 10 });
    expect(await minutes(org)).toEqual([{ channel: 'external', tokens: 2000 }]);
  });

  it('only so many are in work as the plan allows, and the next when one has ended', async () => {
    const org = await organization({ concurrent_questions: 2 });
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => ask(org)));
    const admitted = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(admitted).toHaveLength(2);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: {
        type: 'too-many-questions-at-once',
        parameters: { limit: 2, used: 2, nextTier: 'basic', nextTierLimit: 5 },
        headers: { 'retry-after': '2' },
      },
    });
    await release(org, admitted[0]?.requestId ?? '');
    await ask(org);
    await expect(ask(org)).rejects.toMatchObject({ type: 'too-many-questions-at-once' });
    // One whose process died holds its place until its time is over, not until it is swept.
    const afterwards = new Date(at.getTime() + 60_000);
    await Promise.all([ask(org, {}, afterwards), ask(org, {}, afterwards)]);
  });
});

/** A pool of its own, as another process has. */
async function createPool() {
  const other = createDatabase({ url: database.url('tenant'), connections: 2 });
  return { made: createAdmission(other, { tokensPerMinute }), close: other.close };
}

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

describe('questions bought on top', () => {
  it('are taken when the plan’s are used, and given back', async () => {
    const org = await organization({ questions_per_day: 1 });
    await database.owner`update organizations set question_credits = 2 where id = ${org.id}`;
    await ask(org);
    expect(await credits(org)).toBe(2);
    const { requestId } = await ask(org);
    await ask(org);
    expect(await credits(org)).toBe(0);
    await expect(ask(org)).rejects.toMatchObject({ type: 'daily-questions-used' });
    await release(org, requestId);
    expect([await credits(org), await counters(org)]).toEqual([1, { 'day 2026-01-31': 1, 'month 2026-01-01': 1 }]);
  });

  it('are never more than there are, however many come at once', async () => {
    const org = await organization({ questions_per_day: 3 });
    await database.owner`update organizations set question_credits = 4 where id = ${org.id}`;
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => ask(org)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(7);
    expect(await credits(org)).toBe(0);
  });
});

describe('the same request again', () => {
  const start = (org: TestOrganization, requestId: string) => startAttempt(database.tenant, org.id, requestId);

  it('continues with what it reserved while it is in work', async () => {
    const org = await organization({ concurrent_questions: 1 });
    const requestId = crypto.randomUUID();
    await Promise.all([ask(org, { requestId }), ask(org, { requestId })]);
    await start(org, requestId);
    await ask(org, { requestId });
    expect(await counters(org)).toEqual({ 'day 2026-01-31': 1, 'month 2026-01-01': 1 });
    expect(await minutes(org)).toEqual([{ channel: 'external', tokens: 200 }]);
  });

  it('is not counted again when it was settled, and again when it was given back', async () => {
    const org = await organization();
    const requestId = crypto.randomUUID();
    await ask(org, { requestId });
    await release(org, requestId);
    expect(await counters(org)).toEqual({ 'day 2026-01-31': 0, 'month 2026-01-01': 0 });
    await ask(org, { requestId });
    await database.tenant.tenant(org.id, (tx) => settleUnits(tx, org.id, requestId, { attempts: [] }));
    await ask(org, { requestId });
    expect(await counters(org)).toEqual({ 'day 2026-01-31': 1, 'month 2026-01-01': 1 });
    expect((await reservations(org)).map(({ state }) => state)).toEqual(['settled']);
  });
});
