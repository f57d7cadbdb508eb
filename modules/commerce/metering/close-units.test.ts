import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../../platform/testing/database.ts';
import { type TestOrganization, testOrganization } from '../../testing/organization.ts';
import { policyModels } from '../../testing/policy-models.ts';
import { expireUnits } from './expire-units.ts';
import { createAdmission } from './index.ts';
import { type Attempt, releaseUnits, settleUnits, startAttempt } from './metering.ts';
import { reconcileUsage } from './reconcile.ts';

const database = await testDatabase({ connections: 10 });
afterAll(() => database.close());

const at = new Date('2026-01-31T23:59:30.000Z');
const expiry = new Date('2026-02-01T00:00:30.000Z');
const tokensPerMinute = { external: 1_000_000, internal: 1_000_000 };
const admission = createAdmission(database.tenant, { tokensPerMinute });
const models = policyModels('gpt-4');

/** Admits a question that reserves 300 tokens, of which 100 are the prompt. */
async function admitted(credit = false): Promise<{ org: TestOrganization; requestId: string }> {
  const org = await testOrganization(database, { tier: 'professional' });
  if (credit) {
    await database.owner`insert into plan_overrides (organization_id, questions_per_day) values (${org.id}, 0)`;
    await database.owner`update organizations set question_credits = 1 where id = ${org.id}`;
  }
  const requestId = crypto.randomUUID();
  await admission.admit(
    {
      caller: org.owner,
      requestId,
      models,
      secondsOpen: 60,
      tokens: { questionTokens: 10, contextTokens: 90, maxTokens: [200] },
    },
    at,
  );
  return { org, requestId };
}
const start = (org: TestOrganization, requestId: string, failed?: string) =>
  startAttempt(database.tenant, org.id, requestId, failed === undefined ? undefined : { model: failed });
const settle = (org: TestOrganization, requestId: string, attempts: Attempt[]) =>
  database.tenant.tenant(org.id, (tx) => settleUnits(tx, org.id, requestId, { attempts }));
const release = (org: TestOrganization, requestId: string, attempts: Attempt[] = []) =>
  database.tenant.tenant(org.id, (tx) => releaseUnits(tx, org.id, requestId, { attempts }));
const expire = () => expireUnits(database.platform, expiry);

const done: Attempt = {
  attempt: 1,
  outcome: 'done',
  model: 'gpt-4',
  promptTokens: 80,
  completionTokens: 20,
  cachedTokens: 0,
};

async function state({ id }: TestOrganization) {
  const [row] = await database.owner`
    select tokens_used::int as tokens, ai_cost as cost, questions_used::int as questions, question_credits::int as credits,
      (select state from usage_reservations where organization_id = ${id}) as state,
      (select used from question_counters where organization_id = ${id} and period = 'day' and start = '2026-01-31') as day,
      (select used from question_counters where organization_id = ${id} and period = 'month' and start = '2026-01-01') as month,
      (select tokens::int from token_counters where organization_id = ${id}) as minute,
      (select count(*)::int from question_counters where organization_id = ${id} and start > '2026-01-31') as later
    from organizations where id = ${id}`;
  return { ...row };
}
const logged = async ({ id }: TestOrganization) => [
  ...(await database.owner`
    select attempt, outcome, model, prompt_tokens as prompt, completion_tokens as completion, cached_tokens as cached, cost
    from usage_logs where organization_id = ${id} order by attempt`),
];
const open = {
  tokens: 0,
  cost: '0.00000000',
  questions: 0,
  credits: 0,
  state: 'reserved',
  day: 1,
  month: 1,
  minute: 300,
  later: 0,
};
const settled = { ...open, tokens: 100, cost: '0.36000000', questions: 1, state: 'settled', minute: 100 };
const givenBack = { ...open, state: 'released', day: 0, month: 0, minute: 0 };

describe('a settled question', () => {
  it('costs what it used, in the periods of its admission', async () => {
    const { org, requestId } = await admitted();
    expect(await state(org)).toEqual(open);
    expect(await start(org, requestId)).toBe(1);
    await settle(org, requestId, [done]);
    expect(await state(org)).toEqual(settled);
    expect(await logged(org)).toEqual([
      { attempt: 1, outcome: 'done', model: 'gpt-4', prompt: 80, completion: 20, cached: 0, cost: '0.36000000' },
    ]);
    const [total] =
      await database.owner`select month::text, user_id, cost from usage_totals where organization_id = ${org.id}`;
    expect(total).toEqual({ month: '2026-01-01', user_id: org.owner.userId, cost: '0.36000000' });
  });

  it('is charged once however often it is settled, also at once', async () => {
    const { org, requestId } = await admitted();
    await start(org, requestId);
    await Promise.all([1, 2, 3, 4].map(() => settle(org, requestId, [done])));
    await release(org, requestId, [done]);
    expect(await state(org)).toEqual(settled);
    expect(await logged(org)).toHaveLength(1);
  });

  it('has a row for each attempt and is one question', async () => {
    const { org, requestId } = await admitted();
    expect([await start(org, requestId), await start(org, requestId, 'gpt-4')]).toEqual([1, 2]);
    await settle(org, requestId, [
      { ...done, outcome: 'failed', promptTokens: 0, completionTokens: 0 },
      { ...done, attempt: 2, model: 'gpt-3.5-turbo' },
    ]);
    expect(await state(org)).toEqual({ ...settled, cost: '0.00700000' });
    expect((await logged(org)).map(({ outcome, model }) => [outcome, model])).toEqual([
      ['failed', 'gpt-4'],
      ['done', 'gpt-3.5-turbo'],
    ]);
  });

  it('takes cached prompt tokens at their own price, not at the prompt’s as well', async () => {
    await database.owner`insert into model_prices values ('caching', '2026-01-01', 100.25, 400, 10.5)`;
    const { org, requestId } = await admitted();
    await start(org, requestId);
    await settle(org, requestId, [
      { ...done, model: 'caching', promptTokens: 1000, cachedTokens: 600, completionTokens: 7 },
    ]);
    // 400 × 100.25 + 600 × 10.50 + 7 × 400.00 roubles for a million.
    expect((await logged(org))[0]).toMatchObject({ cached: 600, cost: '0.04920000' });
  });

  it('has no tokens when its answer was cached', async () => {
    const { org, requestId } = await admitted();
    await settle(org, requestId, [
      { outcome: 'cached', model: 'gpt-4', promptTokens: 0, completionTokens: 0, cachedTokens: 0 },
    ]);
    expect(await state(org)).toEqual({ ...open, questions: 1, state: 'settled', minute: 0 });
    expect((await logged(org)).map(({ outcome }) => outcome)).toEqual(['cached']);
  });

  it('is paid for by the credit that it was admitted with', async () => {
    const { org, requestId } = await admitted(true);
    await start(org, requestId);
    await settle(org, requestId, [done]);
    expect(await state(org)).toEqual({ ...settled, day: null, month: null });
  });

  it('of a person who has left in the meantime is charged to the organization all the same', async () => {
    const { org, requestId } = await admitted();
    await start(org, requestId);
    await database.owner`delete from users where id = ${org.owner.userId}`;
    await settle(org, requestId, [done]);
    expect(await state(org)).toEqual(settled);
  });

  it('that was never admitted cannot be', async () => {
    const org = await testOrganization(database);
    await expect(settle(org, crypto.randomUUID(), [done])).rejects.toThrow();
  });
});

describe('a released question', () => {
  it('is given back once', async () => {
    const { org, requestId } = await admitted();
    await Promise.all([release(org, requestId), release(org, requestId), release(org, requestId)]);
    expect(await state(org)).toEqual(givenBack);
    const paid = await admitted(true);
    await release(paid.org, paid.requestId);
    expect(await state(paid.org)).toMatchObject({ state: 'released', credits: 1, day: null });
  });

  it('is charged again when it is settled after all', async () => {
    const { org, requestId } = await admitted();
    await start(org, requestId);
    await release(org, requestId);
    await settle(org, requestId, [done]);
    expect(await state(org)).toEqual(settled);
  });
});

describe('a question whose process died', () => {
  it('before it called a provider is given back when its time is over, not before', async () => {
    const { org } = await admitted();
    expect(await expireUnits(database.platform, new Date(expiry.getTime() - 1))).toEqual({ expired: 0, lost: 0 });
    expect(await expire()).toEqual({ expired: 1, lost: 0 });
    expect(await state(org)).toEqual({ ...givenBack, state: 'expired' });
    expect(await logged(org)).toEqual([]);
    expect(await expire()).toEqual({ expired: 0, lost: 0 });
  });

  it('while a provider answered is charged with what was reserved', async () => {
    const { org, requestId } = await admitted();
    await start(org, requestId);
    expect(await expire()).toEqual({ expired: 0, lost: 1 });
    expect(await state(org)).toEqual({ ...open, state: 'settled', tokens: 300, cost: '1.50000000', questions: 1 });
    expect(await logged(org)).toMatchObject([
      { attempt: 1, outcome: 'lost', prompt: 100, completion: 200, cost: '1.50000000' },
    ]);
  });

  it('and settles late is charged in the periods of its admission, with its credit as long as there is one', async () => {
    const { org, requestId } = await admitted();
    const [paid, poor] = [await admitted(true), await admitted(true)];
    await expire();
    await database.owner`update organizations set question_credits = 0 where id = ${poor.org.id}`;
    await settle(org, requestId, [{ ...done, attempt: 1 }]);
    expect(await state(org)).toEqual({ ...settled, minute: 100 });
    await settle(paid.org, paid.requestId, [done]);
    expect(await state(paid.org)).toMatchObject({ state: 'settled', credits: 0, day: null });
    await settle(poor.org, poor.requestId, [done]);
    expect(await state(poor.org)).toMatchObject({ state: 'settled', credits: 0, day: 1, month: 1 });
  });

  it('and continues under its id has a row for the attempt that no one told of', async () => {
    const { org, requestId } = await admitted();
    await start(org, requestId);
    expect(await start(org, requestId)).toBe(2);
    await settle(org, requestId, [{ ...done, attempt: 2 }]);
    expect((await logged(org)).map(({ outcome }) => outcome)).toEqual(['lost', 'done']);
    expect(await state(org)).toMatchObject({ questions: 1, day: 1, tokens: 400 });
  });
});

describe('all that was done here', () => {
  it('adds up', async () => {
    expect(await reconcileUsage(database.platform)).toEqual([]);
  });
});
