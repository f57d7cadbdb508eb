import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../../platform/testing/database.ts';
import { type TestOrganization, testOrganization } from '../../testing/organization.ts';
import { policyModels } from '../../testing/policy-models.ts';
import { type AdmissionRequest, createAdmission } from './admission.ts';
import { createCallMetering } from './calls/call-metering.ts';
import { addBudget, newAttempt, newCall, priceTokens, problemOf } from './calls/calls.fixture.ts';
import { expireUnits } from './expire-units.ts';
import { type Refusal, refusalProblem } from './limits/limit-refusal.ts';
import { type Attempt, releaseUnits, settleUnits, startAttempt } from './metering.ts';
import { reconcileUsage } from './reconcile.ts';

const database = await testDatabase({ connections: 10 });
afterAll(() => database.close());
await priceTokens(database);

const tokensPerMinute = { external: 100_000, internal: 12 };
const newProcess = () => createAdmission(database.tenant, { tokensPerMinute });
const admission = newProcess();

async function organization(): Promise<TestOrganization> {
  const org = await testOrganization(database, { tier: 'professional' });
  await database.owner`insert into plan_overrides (organization_id, concurrent_questions) values (${org.id}, 1000)`;
  return org;
}
const setBudget = (org: TestOrganization, budget: Parameters<typeof addBudget>[2]) => addBudget(database, org, budget);
const counters = async ({ id }: TestOrganization) => [
  ...(await database.owner`
    select b.scope, c.spent_cost::float as spent, c.held_cost::float as held, c.spent_tokens::int as tokens, c.held_tokens::int as "heldTokens"
    from budget_counters c join budgets b on b.id = c.budget_id where c.organization_id = ${id} order by b.scope`),
];

/** A question that holds ten tokens of the prompt and five of the answer: 20 roubles. */
const question = (org: TestOrganization, changes: Partial<AdmissionRequest> = {}): AdmissionRequest => ({
  caller: org.owner,
  requestId: crypto.randomUUID(),
  tokens: { questionTokens: 5, contextTokens: 5, maxTokens: [5] },
  models: policyModels('plain'),
  secondsOpen: 60,
  ...changes,
});
const ask = (org: TestOrganization, changes?: Partial<AdmissionRequest>) => admission.admit(question(org, changes));
/** Ten tokens of the prompt and one of the answer: 12 roubles. */
const unnumbered: Attempt = { outcome: 'done', model: 'plain', promptTokens: 10, completionTokens: 1, cachedTokens: 0 };
const done: Attempt = { ...unnumbered, attempt: 1 };
const start = (org: TestOrganization, requestId: string) => startAttempt(database.tenant, org.id, requestId);
const settle = (org: TestOrganization, requestId: string, attempts = [done]) =>
  database.tenant.tenant(org.id, (tx) => settleUnits(tx, org.id, requestId, { attempts }));
const release = (org: TestOrganization, requestId: string) =>
  database.tenant.tenant(org.id, (tx) => releaseUnits(tx, org.id, requestId));
const expireAll = () => expireUnits(database.platform, new Date(Date.now() + 120_000));

describe('a budget', () => {
  it('for three questions admits exactly three of twenty at once in three processes', async () => {
    const org = await organization();
    await setBudget(org, { cost: 60 });
    const processes = [newProcess(), newProcess(), newProcess()];
    const questions = Array.from({ length: 20 }, () => question(org));
    const problems = await Promise.all(
      questions.map((one, nth) => problemOf((processes[nth % 3] as typeof admission).admit(one))),
    );
    const admitted = questions.filter((_, nth) => problems[nth] === undefined);
    expect(admitted).toHaveLength(3);
    expect(problems.filter((problem) => problem?.type === 'budget-exceeded')).toHaveLength(17);
    expect(await counters(org)).toMatchObject([{ spent: 0, held: 60, heldTokens: 45 }]);
    for (const { requestId } of admitted) {
      await start(org, requestId);
      await settle(org, requestId);
    }
    expect(await counters(org)).toEqual([{ scope: 'organization', spent: 36, held: 0, tokens: 33, heldTokens: 0 }]);
  });

  it('names its figures and its reset in a refusal, which takes nothing', async () => {
    const org = await organization();
    await setBudget(org, { tokens: 14 });
    expect(await problemOf(ask(org))).toMatchObject({
      ...{ type: 'budget-exceeded', status: 429 },
      parameters: { what: 'tokens', scope: 'organization', window: 'month', limit: '14', used: '0' },
      headers: { 'retry-after': expect.stringMatching(/^\d+$/) },
    });
    expect(await counters(org)).toEqual([]);
    const [taken] = await database.owner`
      select (select count(*)::int from usage_counters where organization_id = ${org.id}) as units,
        (select count(*)::int from token_counters where organization_id = ${org.id}) as minutes,
        (select count(*)::int from usage_reservations where organization_id = ${org.id}) as reservations`;
    expect(taken).toEqual({ units: 0, minutes: 0, reservations: 0 });
  });

  it('refuses a process of the release before, which knows no budgets, like a minute that is used up', async () => {
    const org = await organization();
    await setBudget(org, { cost: 19 });
    const models = { standard: 'plain', advanced: 'plain', 'advanced-when-complex': 'plain' };
    const tokens = { channel: 'external', models, question: 5, prompt: 10, completion: 5 };
    const row = { id: crypto.randomUUID(), person: org.owner.userId, action: 'ai_query', amounts: { question: 1 } };
    const [reserved] = await database.tenant.statement<{ outcome: { decisions: { refusal: Refusal }[] } }>(
      'select reserve_units($1, null, $2, $3, 60) as outcome',
      [org.id, JSON.stringify([{ ...row, ...tokens }]), JSON.stringify(tokensPerMinute)],
    );
    const { refusal } = reserved?.outcome.decisions[0] ?? {};
    expect(refusal && refusalProblem(refusal, 'professional', new Date())).toMatchObject({
      ...{ type: 'tokens-per-minute-used', status: 429 },
      headers: { 'retry-after': expect.stringMatching(/^\d+$/) },
    });
    expect(await counters(org)).toEqual([]);
  });

  it('holds the whole answer, also where the minute has room for less', async () => {
    const org = await organization();
    await setBudget(org, { cost: 19 });
    const caller = { ...org.owner, channel: 'internal' as const };
    expect(await problemOf(ask(org, { caller }))).toMatchObject({
      type: 'budget-exceeded',
      parameters: { limit: '19' },
    });
  });

  it('is one for questions and for calls of the gateway', async () => {
    const org = await organization();
    await setBudget(org, { cost: 60 });
    const calls = createCallMetering(database.tenant, { tokensPerMinute });
    const call = newCall(org);
    await Promise.all([ask(org), calls.reserve(call), ask(org)]);
    const used = { parameters: { limit: '60', used: '60' } };
    expect(await problemOf(ask(org))).toMatchObject(used);
    expect(await problemOf(calls.reserve(newCall(org)))).toMatchObject(used);
    await calls.settle({
      organizationId: org.id,
      requestId: call.requestId,
      ending: 'settled',
      attempts: [newAttempt()],
    });
    await calls.flush();
    expect(await problemOf(ask(org))).toMatchObject({ parameters: { limit: '60', used: '52' } });
  });

  it('of a model leaves its target out, and of a key concerns no other key', async () => {
    const org = await organization();
    const [keyId, other] = [crypto.randomUUID(), crypto.randomUUID()];
    await setBudget(org, { scope: 'model', scopeId: 'first', cost: 25 });
    await setBudget(org, { scope: 'key', scopeId: keyId, cost: 45 });
    const targets = ['first', 'second'].map((target) => ({ target, price: 'plain' }));
    const models = { standard: targets, advanced: targets, 'advanced-when-complex': targets };
    const by = (key: string, among = models) => ask(org, { caller: { ...org.owner, keyId: key }, models: among });
    const first = await by(keyId);
    expect(first.targets).toEqual(['first', 'second']);
    expect((await by(keyId)).targets).toEqual(['second']);
    expect(await problemOf(by(keyId))).toMatchObject({ parameters: { scope: 'key', scopeId: keyId } });
    expect((await by(other)).targets).toEqual(['second']);
    const only = targets.slice(0, 1);
    const alone = { standard: only, advanced: only, 'advanced-when-complex': only };
    expect(await problemOf(by(other, alone))).toMatchObject({ parameters: { scope: 'model', scopeId: 'first' } });
    await start(org, first.requestId);
    await settle(org, first.requestId, [{ ...done, metadata: { target: 'second' } }]);
    expect(await counters(org)).toMatchObject([
      { scope: 'key', spent: 12, held: 20 },
      { scope: 'model', spent: 0, held: 0 },
    ]);
    const [row] = await database.owner`select key_id as key from usage_logs where organization_id = ${org.id}`;
    expect(row).toEqual({ key: keyId });
  });

  it('that is soft refuses nothing, and those who settle are told of 80 and 100 percent once', async () => {
    const org = await organization();
    await setBudget(org, { cost: 15, hard: false });
    const told: unknown[] = [];
    for (let nth = 0; nth < 3; nth++) {
      const { requestId } = await ask(org);
      await start(org, requestId);
      for (const again of [1, 2]) told.push([nth, again, await settle(org, requestId)]);
    }
    const spent = (used: string) => [expect.objectContaining({ what: 'cost', used, limit: '15.00000000' })];
    expect(told).toEqual([
      [0, 1, spent('12.00000000')],
      [0, 2, []],
      [1, 1, spent('24.00000000')],
      ...[
        [1, 2, []],
        [2, 1, []],
        [2, 2, []],
      ],
    ]);
  });
});

describe('what a question holds', () => {
  it('is given back however it ends, and what its rows cost is spent', async () => {
    const org = await organization();
    const keyId = crypto.randomUUID();
    const caller = { ...org.owner, keyId };
    await setBudget(org, { cost: 10_000, tokens: 100_000 });
    await setBudget(org, { scope: 'model', scopeId: 'plain', cost: 10_000 });
    await setBudget(org, { scope: 'key', scopeId: keyId, cost: 10_000 });
    const admitted = await Promise.all(Array.from({ length: 8 }, () => ask(org, { caller })));
    const [settled, twice, released, takenBack, lost, lateLost, , late] = admitted.map(
      ({ requestId }) => requestId,
    ) as string[];
    for (const id of [settled, twice, twice, released, takenBack, lost, lateLost]) await start(org, id as string);
    await settle(org, settled as string);
    await settle(org, settled as string);
    // Its first attempt is told of by no one.
    await settle(org, twice as string, [{ ...done, attempt: 2 }]);
    for (const id of [released, released, takenBack]) await release(org, id as string);
    await settle(org, takenBack as string);
    await expireAll();
    await expireAll();
    await settle(org, lateLost as string);
    for (const id of [late, late]) await settle(org, id as string, [unnumbered]);
    // Four that were answered at 12 roubles, three that are lost at 20.
    const all = { spent: 108, held: 0, tokens: 89, heldTokens: 0 };
    expect(await counters(org)).toEqual(['key', 'model', 'organization'].map((scope) => ({ scope, ...all })));
    const [sum] = await database.owner`
      select sum(cost)::float as spent, sum(prompt_tokens + completion_tokens)::int as tokens from usage_logs where organization_id = ${org.id}`;
    expect(sum).toEqual({ spent: 108, tokens: 89 });
    expect(await reconcileUsage(database.platform)).toEqual([]);
  });

  it('is held once while it is in progress, and again when it is admitted after its end', async () => {
    const org = await organization();
    await setBudget(org, { cost: 25 });
    const one = question(org);
    await Promise.all([admission.admit(one), newProcess().admit(one)]);
    await admission.admit(one);
    expect(await counters(org)).toMatchObject([{ held: 20, heldTokens: 15 }]);
    await release(org, one.requestId);
    expect(await counters(org)).toMatchObject([{ held: 0, heldTokens: 0 }]);
    await admission.admit(one);
    expect(await counters(org)).toMatchObject([{ held: 20, heldTokens: 15 }]);
    await expireAll();
    const other = await ask(org);
    expect(await problemOf(admission.admit(one))).toMatchObject({ type: 'budget-exceeded' });
    await release(org, other.requestId);
    await admission.admit(one);
    await start(org, one.requestId);
    await settle(org, one.requestId);
    expect(await counters(org)).toMatchObject([{ spent: 12, held: 0, tokens: 11, heldTokens: 0 }]);
  });

  it('is charged to a budget that was set while it was in progress', async () => {
    const org = await organization();
    const [one, other] = [await ask(org), await ask(org)];
    await setBudget(org, { cost: 100 });
    for (const { requestId } of [one, other]) await start(org, requestId);
    await settle(org, one.requestId);
    await expireAll();
    expect(await counters(org)).toEqual([{ scope: 'organization', spent: 32, held: 0, tokens: 26, heldTokens: 0 }]);
  });
});
