/*
 * What gateways and billing systems fail at, case by case, at the function itself: what is admitted, and against which limit.
 */

import { describe, expect, it } from 'vitest';
import { createAdmission, settleUnits } from '../../modules/commerce/metering/index.ts';
import { testOrganization } from '../../modules/testing/organization.ts';
import { policyModels } from '../../modules/testing/policy-models.ts';
import { redis } from '../../platform/runtime/providers/redis.ts';
import type { TestApp } from '../../platform/testing/app.ts';
import {
  answer,
  ask,
  away,
  chats,
  describeReconciliation,
  fine,
  meteringScene,
  none,
  once,
} from './metering.fixture.ts';

const { database, scene, charged } = await meteringScene();

describe('case 1: many questions at once with k left', () => {
  it('1,000 with 10 left over several processes: exactly 10 are admitted, and none of the others asks the provider', async () => {
    const figures = { questions_per_day: 1000, concurrent_questions: 2000 };
    const { org, app, others, server } = await scene([fine], { figures, processes: 2 });
    const today = new Date().toISOString().slice(0, 10);
    await database.owner`insert into question_counters values (${org.id}, 'day', ${today}, 990)`;
    const apps = [app, ...others];
    const answers = await Promise.all(
      Array.from({ length: 1000 }, (_, n) => ask(apps[n % 2] as TestApp, org, { question: `Rent number ${n}?` })),
    );
    const statuses = answers.map(({ status }) => status);
    expect([200, 429].map((status) => statuses.filter((one) => one === status).length)).toEqual([10, 990]);
    expect(await charged(org)).toMatchObject({ questions: 10, counted: 10 });
    expect(chats(server)).toHaveLength(10);
  });
});

describe('case 2: several limits, one of which is used up', () => {
  it.each([
    ['daily-questions-used', { questions_per_day: 0 }, {}],
    ['monthly-questions-used', { questions_per_month: 0 }, {}],
    ['too-many-questions-at-once', { concurrent_questions: 0 }, {}],
    ['plan-limit-reached', {}, { RATE_LIMIT_EXTERNAL_TPM: '10' }],
  ])('%s: nothing is taken from any of them', async (type, figures, environment) => {
    const { org, app } = await scene([fine], { figures: { users: 1, ...figures }, environment });
    const { body, status } = await ask(app, org);
    expect([body.type, status]).toEqual([`urn:pandect:problem:${type}`, type === 'plan-limit-reached' ? 403 : 429]);
    expect(await charged(org)).toEqual(none);
    expect(await database.owner`select 1 from token_counters where organization_id = ${org.id}`).toHaveLength(0);
  });
});

describe('case 3: a request that is too large by itself', () => {
  it('takes nothing, so that a small one behind it passes', async () => {
    const { org, app } = await scene([fine], { figures: { max_tokens_per_question: 20 } });
    const refused = await ask(app, org, { question: 'word '.repeat(200) });
    expect(refused.body).toMatchObject({ type: 'urn:pandect:problem:plan-limit-reached', limit: 20, used: 250 });
    expect(await charged(org)).toEqual(none);
    expect((await ask(app, org)).status).toBe(200);
  });
});

describe('case 4: no limit of tokens, or several', () => {
  it('without one the plan’s is reserved next to the prompt', async () => {
    const { org, app } = await scene([{ stream: [{ waitMs: 300 }, { delta: answer }, { finish: 'stop' }, 'done'] }], {
      figures: { max_tokens_per_question: 1234 },
    });
    const asking = ask(app, org);
    const reserved = async () =>
      (await database.owner`select tokens::int from usage_reservations where organization_id = ${org.id}`)[0]?.tokens;
    await expect.poll(reserved).toBeGreaterThan(1234);
    expect((await asking).status).toBe(200);
  });
  // That the larger of several is reserved is shown in `modules/commerce/metering/admission.test.ts`.
});

describe('case 5: a limit of tokens a minute below the estimate', () => {
  it('lets a small first request pass', async () => {
    const { org, app } = await scene([fine], { environment: { RATE_LIMIT_EXTERNAL_TPM: '5000' } });
    expect((await ask(app, org)).status).toBe(200);
    expect(await charged(org)).toEqual(once);
  });
});

describe('case 6: a model without a price', () => {
  it('is reserved and charged at the ceiling', async () => {
    const { org, app } = await scene([fine], { environment: { AI_MODEL_ADVANCED: 'brand-new' } });
    expect((await ask(app, org)).status).toBe(200);
    // 80 prompt tokens at 10,000 roubles a million, 20 others at 30,000.
    expect(await charged(org)).toMatchObject({ cost: '1.40000000' });
  });
});

describe('a budget of the organization', () => {
  const set = (id: string, limit: string, hard: boolean) => database.owner`
    insert into budgets (organization_id, scope, "window", limit_cost, hard) values (${id}, 'organization', 'month', ${limit}, ${hard})`;

  it('without room refuses the question with its reset, before the provider is asked', async () => {
    const { org, app, server } = await scene([fine]);
    await set(org.id, '0.01', true);
    const { body, status } = await ask(app, org);
    expect([status, body]).toMatchObject([
      429,
      {
        type: 'urn:pandect:problem:budget-exceeded',
        ...{ what: 'cost', scope: 'organization', window: 'month', limit: '0.01', used: '0' },
        ...{ resetSeconds: expect.any(Number), resetAt: expect.stringMatching(/-01T00:00:00.000Z$/) },
      },
    ]);
    expect(await charged(org)).toEqual(none);
    expect(chats(server)).toHaveLength(0);
  });

  it('is spent by what the question cost, and its owners are told', async () => {
    const { org, app } = await scene([fine]);
    await set(org.id, '0.4', false);
    expect((await ask(app, org)).status).toBe(200);
    const [counter] = await database.owner`
      select spent_cost as spent, held_cost as held, spent_tokens::int as tokens from budget_counters where organization_id = ${org.id}`;
    expect(counter).toEqual({ spent: once.cost, held: '0.00000000', tokens: once.tokens });
    const letters = await database.owner`
      select email, parameters from notifications where organization_id = ${org.id} and kind = 'budget-spent'`;
    expect([...letters]).toEqual([
      { email: org.owner.email, parameters: expect.objectContaining({ share: 80, used: '0.36', limit: '0.4' }) },
    ]);
  });
});

describe('case 15: Redis is down', () => {
  it('questions are admitted and refused just as exactly, each process answering by itself', async () => {
    const figures = { questions_per_day: 3 };
    const { org, app, others } = await scene([fine], { figures, processes: 2, environment: away });
    const apps = [app, ...others];
    const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => ask(apps[n % 2] as TestApp, org)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    expect(await charged(org)).toMatchObject({ questions: 3, counted: 3 });
  });
  // That rates do not multiply by processes and a fallback answers in time is shown in `platform/capabilities/rates`.
});

describe('case 16: Redis is emptied', () => {
  it('what was used of day and month stays used', async () => {
    const { org, app } = await scene([fine], { figures: { questions_per_month: 1 } });
    expect((await ask(app, org)).status).toBe(200);
    const client = await app.boot.use(redis);
    const keys = await client.keys(`${database.name}:*`);
    if (keys.length > 0) await client.del(...keys);
    expect((await ask(app, org)).body.type).toBe('urn:pandect:problem:monthly-questions-used');
  });
});

describe('case 17: a window ends while the question is in work', () => {
  it.each([
    ['a day', '2026-03-30T23:59:59.500Z', '2026-03-30', '2026-03-01'],
    ['a month', '2026-02-28T23:59:59.500Z', '2026-02-28', '2026-02-01'],
    ['a year', '2026-12-31T23:59:59.500Z', '2026-12-31', '2026-12-01'],
    ['the hour that clocks are changed in elsewhere', '2026-03-29T00:59:59.500Z', '2026-03-29', '2026-03-01'],
  ])('%s: it is charged to the one of its admission', async (_, moment, day, month) => {
    const org = await testOrganization(database);
    const models = policyModels('gpt-4');
    const tokens = { questionTokens: 1, contextTokens: 0, maxTokens: [1] };
    const tokensPerMinute = { external: 100, internal: 100 };
    const { requestId } = await createAdmission(database.tenant, { tokensPerMinute }).admit(
      { caller: org.owner, requestId: crypto.randomUUID(), models, tokens, secondsOpen: 60 },
      new Date(moment),
    );
    // Settled now, long after.
    await database.tenant.tenant(org.id, (tx) =>
      settleUnits(tx, org.id, requestId, {
        attempts: [{ outcome: 'done', model: 'gpt-4', promptTokens: 1, completionTokens: 1, cachedTokens: 0 }],
      }),
    );
    const counters = await database.owner`
      select period, start::text, used from question_counters where organization_id = ${org.id} order by period`;
    expect([...counters]).toEqual([
      { period: 'day', start: day, used: 1 },
      { period: 'month', start: month, used: 1 },
    ]);
    const [total] = await database.owner`select month::text from usage_totals where organization_id = ${org.id}`;
    expect(total?.month).toBe(month);
    const [minute] =
      await database.owner`select minute, tokens::int from token_counters where organization_id = ${org.id}`;
    expect(minute).toEqual({ minute: new Date(`${moment.slice(0, 16)}:00Z`), tokens: 2 });
  });
});

describeReconciliation(database);
