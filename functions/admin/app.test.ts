import { setTimeout } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import {
  checkBooks,
  createBankProvider,
  requestChange,
  requestTopUp,
  startPayment,
} from '../../modules/commerce/billing/index.ts';
import { createAdministrator } from '../../modules/people/administration/administrators.ts';
import { testOrganization, tokenFor } from '../../modules/testing/organization.ts';
import { createNotifications } from '../../platform/capabilities/outbox/index.ts';
import { createQueue } from '../../platform/capabilities/queue/index.ts';
import { testApp } from '../../platform/testing/app.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import * as module from './app.ts';
import manifest from './function.ts';

const database = await testDatabase();
const app = await testApp(database, { name: 'admin', manifest, module });
const queue = createQueue(database.url('billing'));
const deps = {
  database: database.billing,
  notifications: createNotifications(queue),
  providers: { bank: createBankProvider() },
};
afterAll(async () => {
  expect(await database.platform.transaction(checkBooks)).toEqual([]);
  await app.close();
  await queue.close();
  await database.close();
});
const { owner: admin, ...own } = await testOrganization(database, { name: 'Administration' });
await database.owner`update users set administrator = true where id = ${admin.userId}`;

type Call = Parameters<typeof app.json>[0];
const ask = (call: Call, json?: unknown, headers = {}) => app.json(call, { as: admin, json, headers });
const problem = (name: string) => `urn:pandect:problem:${name}`;
/** What the administrator changed; looking is written down too. */
const acts = async (organizationId: string) =>
  (await entries(organizationId)).filter((act) => !/^(read|list)-/.test(act));
const entries = async (organizationId: string) => {
  const rows = await database.owner<{ action: string; actor: string }[]>`
    select action, actor from audit_log where organization_id = ${organizationId} order by created_at, id`;
  return rows.filter(({ actor }) => actor === admin.email).map(({ action }) => action);
};
const noOverrides = {
  ...{ questionsPerDay: null, questionsPerMonth: null, concurrentQuestions: null, documents: null, users: null },
  ...{ modelPolicy: null, maxTokensPerQuestion: null, fileBytes: null, storageBytes: null },
};

describe('the administration', () => {
  const id = crypto.randomUUID();
  const calls: [Call, unknown?][] = [
    ['GET /api/admin/organizations'],
    [`GET /api/admin/organizations/${own.id}`],
    [`PATCH /api/admin/organizations/${own.id}`, { tier: 'enterprise' }],
    [`PUT /api/admin/organizations/${own.id}/overrides`, { ...noOverrides, documents: 9 }],
    [`POST /api/admin/organizations/${own.id}/credits`, { questions: 5, reason: 'x' }],
    ['GET /api/admin/plans/basic'],
    ['PUT /api/admin/plans/basic', {}],
    ['GET /api/admin/prices'],
    ['POST /api/admin/prices', {}],
    ['GET /api/admin/payments'],
    [`POST /api/admin/payments/${id}/confirm`, { amount: 1, currency: 'RUB' }],
    [`PATCH /api/admin/keys/${id}`, { channel: 'internal' }],
    ['GET /api/admin/usage'],
  ];

  it.each(calls)('is not there for an owner: %s', async (call, json) => {
    const { owner } = await testOrganization(database);
    const { status, body } = await app.json(call, { as: owner, json });
    expect([status, body.type]).toEqual([404, problem('not-found')]);
    expect((await app.json(call, { json })).status).toBe(401);
  });

  it('is not there for a token from before the rights, at once', async () => {
    const { owner } = await testOrganization(database);
    const status = async (as: { token: string }) => (await app.json('GET /api/admin/prices', { as })).status;
    // The process has just looked for ended tokens, and looks again a second later.
    expect(await status(owner)).toBe(404);
    await createAdministrator(database.platform, { email: owner.email });
    expect(await status(owner)).toBe(401);
    await setTimeout(5);
    expect(await status({ token: await tokenFor(owner) })).toBe(200);
  });

  it('is there and gone with the decision, whatever the token says', async () => {
    const { owner } = await testOrganization(database);
    const status = async () => (await app.json('GET /api/admin/prices', { as: owner })).status;
    await database.owner`update users set administrator = true where id = ${owner.userId}`;
    expect(await status()).toBe(200);
    await database.owner`update users set administrator = false where id = ${owner.userId}`;
    expect(await status()).toBe(404);
  });
});

describe('what an administrator looks at', () => {
  it('stands in the log of the organization, or of their own where it is many', async () => {
    const { id } = await testOrganization(database);
    await ask(`GET /api/admin/organizations/${id}`);
    expect(await entries(id)).toEqual(['read-organization']);
    const before = (await entries(own.id)).length;
    for (const call of ['organizations?search=x', 'payments', 'usage']) await ask(`GET /api/admin/${call}` as Call);
    expect((await entries(own.id)).slice(before)).toEqual(['list-organizations', 'list-payments', 'list-usage']);
    expect((await ask(`GET /api/admin/organizations/${crypto.randomUUID()}`)).status).toBe(404);
  });
});

describe('organizations', () => {
  it('are found by a part of their name or of an e-mail, page by page', async () => {
    const mark = crypto.randomUUID().slice(0, 8);
    const made = [];
    for (const name of ['Alpha', 'Beta', 'Gamma'])
      made.push(await testOrganization(database, { name: `${name} ${mark}` }));
    const first = await ask(`GET /api/admin/organizations?limit=2&search=${mark.toUpperCase()}`);
    expect(first.body.items.map(({ name }: { name: string }) => name)).toEqual([`Gamma ${mark}`, `Beta ${mark}`]);
    const rest = await ask(`GET /api/admin/organizations?limit=2&search=${mark}&cursor=${first.body.nextCursor}`);
    expect([rest.body.items.length, rest.body.nextCursor]).toEqual([1, null]);
    const email = encodeURIComponent(made[1]?.owner.email.slice(3, 20) ?? '');
    const found = await ask(`GET /api/admin/organizations?search=${email}`);
    expect(found.body.items.map(({ id }: { id: string }) => id)).toEqual([made[1]?.id]);
    expect((await ask('GET /api/admin/organizations?search=%25')).body.items).toEqual([]);
  });

  it('get another plan at once, which is written down', async () => {
    const { id } = await testOrganization(database, { tier: 'demo' });
    expect((await ask(`PATCH /api/admin/organizations/${id}`, { tier: 'professional' })).body.tier).toBe(
      'professional',
    );
    expect((await ask(`GET /api/admin/organizations/${id}`)).body.plan.questionsPerDay).toBe(200);
    expect(await acts(id)).toEqual(['change-tier']);
    const unknown = await ask(`PATCH /api/admin/organizations/${id}`, { tier: 'platinum' });
    expect([unknown.status, unknown.body.errors[0].path]).toEqual([400, 'body.tier']);
  });

  it('show what they hold, which may be more than a smaller plan allows', async () => {
    const { id, addMember } = await testOrganization(database);
    await addMember('member');
    await addMember('member');
    await database.owner`update organizations set storage_used = ${10 * 1024 ** 4} where id = ${id}`;
    await ask(`PATCH /api/admin/organizations/${id}`, { tier: 'demo' });
    const { plan, held } = (await ask(`GET /api/admin/organizations/${id}`)).body;
    expect(held).toEqual({ documents: 0, storageBytes: 10 * 1024 ** 4, users: 3 });
    expect([held.storageBytes > plan.storageBytes, held.users > plan.users]).toEqual([true, true]);
  });

  it('lose their sessions when they are suspended, and can be taken back', async () => {
    const { id } = await testOrganization(database);
    const suspended = (value: boolean) => ask(`PATCH /api/admin/organizations/${id}`, { suspended: value });
    expect((await suspended(true)).body.suspendedAt).toEqual(expect.any(String));
    await suspended(true);
    const revoked = await database.owner`select 1 from revocations where subject = ${id} and at <= now()`;
    expect(revoked).toHaveLength(1);
    expect((await suspended(false)).body.suspendedAt).toBeNull();
    expect(await acts(id)).toEqual(['suspend-organization', 'resume-organization']);
  });

  it('get figures of their own in place of their plan’s, and lose them', async () => {
    const { id } = await testOrganization(database, { tier: 'basic' });
    const put = (overrides: object) =>
      ask(`PUT /api/admin/organizations/${id}/overrides`, { ...noOverrides, ...overrides });
    const plan = async () => (await ask(`GET /api/admin/organizations/${id}`)).body.plan;
    await put({ documents: 7, modelPolicy: 'advanced' });
    expect(await plan()).toMatchObject({ documents: 7, modelPolicy: 'advanced', users: 3 });
    await put({ users: 9 });
    expect(await plan()).toMatchObject({ documents: 100, modelPolicy: 'standard', users: 9 });
    for (const wrong of [{ documents: -1 }, { documents: 1.5 }, { users: 0 }, { fileBytes: 1e20 }, { price: 1 }]) {
      expect((await put(wrong)).status).toBe(400);
    }
    expect(await acts(id)).toEqual(['override-plan', 'override-plan']);
  });

  it('are given questions once under one key', async () => {
    const { id } = await testOrganization(database);
    const give = (questions: unknown, headers = {}) =>
      ask(`POST /api/admin/organizations/${id}/credits`, { questions, reason: 'An outage' }, headers);
    const key = { 'idempotency-key': crypto.randomUUID() };
    await give(50, key);
    expect((await give(50, key)).body).toEqual({ questionCredits: 50 });
    expect((await give(25)).body).toEqual({ questionCredits: 75 });
    for (const questions of [0, -5, 0.5, 1e9, '5', null]) expect((await give(questions)).status).toBe(400);
    expect(await acts(id)).toEqual(['give-credits', 'give-credits']);
  });

  it('are missing alike whether there never was one or the id is none of ours', async () => {
    const id = crypto.randomUUID();
    expect((await ask(`GET /api/admin/organizations/${id}`)).status).toBe(404);
    expect((await ask(`PATCH /api/admin/organizations/${id}`, { suspended: true })).status).toBe(404);
    expect((await ask(`PUT /api/admin/organizations/${id}/overrides`, noOverrides)).status).toBe(404);
    expect((await ask(`POST /api/admin/organizations/${id}/credits`, { questions: 1, reason: 'x' })).status).toBe(404);
  });
});

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
    expect(plan.units).toEqual([]);
    const units = [{ unit: 'user', period: 'day', amount: 3 }];
    expect((await ask('PUT /api/admin/plans/enterprise', { ...plan, units })).body.units).toEqual(units);
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

describe('transfers', () => {
  /** An invoice of an organization, and the transfer for it that is waited for. */
  async function waiting() {
    const { id, owner } = await testOrganization(database, { tier: 'demo' });
    const context = { deps, organizationId: id, at: new Date(), actor: { actorId: owner.userId } };
    const { invoice } = await database.billing.tenant(id, (tx) =>
      requestChange({ tx, ...context }, { action: 'subscribe', tier: 'basic' }),
    );
    const { body } = await ask(`GET /api/admin/payments?state=pending&provider=bank&invoice=${invoice?.number}`);
    expect(body.items).toMatchObject([{ organizationId: id, amount: 500_000, invoice: { buyer: 'Test' } }]);
    const [payment] = body.items as { id: string }[];
    const confirm = (json: object) => ask(`POST /api/admin/payments/${payment?.id}/confirm`, json);
    return { id, owner, context, invoice, confirm };
  }

  it('that contradict their provider are listed with the reason', async () => {
    const { id } = await waiting();
    const list = async () => (await ask('GET /api/admin/payments?mismatch=true')).body.items;
    expect(await list()).toEqual([]);
    await database.owner`update payments set mismatch = 'its amount is "1" and not "2"' where organization_id = ${id}`;
    expect(await list()).toMatchObject([{ organizationId: id, mismatch: 'its amount is "1" and not "2"' }]);
    await database.owner`update payments set mismatch = null where organization_id = ${id}`;
  });

  it('count when amount and currency are what was asked for, and once', async () => {
    const { id, confirm } = await waiting();
    for (const wrong of [
      { amount: 499_999, currency: 'RUB' },
      { amount: 500_001, currency: 'RUB' },
      { amount: 500_000, currency: 'USD' },
    ]) {
      const { status, body } = await confirm(wrong);
      expect([status, body.type]).toEqual([409, problem('payment-mismatch')]);
    }
    for (const wrong of [{ amount: -1 }, { amount: 0.5 }, { amount: 1e15 }, { amount: '500000' }]) {
      expect((await confirm({ currency: 'RUB', ...wrong })).status).toBe(400);
    }
    const right = { amount: 500_000, currency: 'RUB' };
    const answers = await Promise.all([1, 2, 3].map(() => confirm(right)));
    expect(answers.map(({ body }) => body.state)).toEqual(['succeeded', 'succeeded', 'succeeded']);
    expect((await ask(`GET /api/admin/organizations/${id}`)).body).toMatchObject({
      ...{ tier: 'basic', subscription: { state: 'active', tier: 'basic' } },
    });
    expect(await acts(id)).toEqual(['receive-payment', 'change-subscription']);
    const entries = await database.owner`select 1 from ledger_transactions where organization_id = ${id}`;
    expect(entries).toHaveLength(2);
  });

  it('for an invoice that was replaced are refused', async () => {
    const { id, context, confirm } = await waiting();
    await database.billing.tenant(id, (tx) =>
      requestChange({ tx, ...context }, { action: 'subscribe', tier: 'enterprise' }),
    );
    const { status, body } = await confirm({ amount: 500_000, currency: 'RUB' });
    expect([status, body.type]).toEqual([409, problem('invoice-closed')]);
  });

  it('are one payment however often one is asked for', async () => {
    const { id, context } = await waiting();
    const pack = { unit: 'question', amount: 100, price: 150_000 } as const;
    const invoice = await database.billing.tenant(id, (tx) => requestTopUp({ tx, ...context }, pack, 'once'));
    const started = await Promise.all([1, 2].map(() => startPayment(deps, invoice, 'bank', new Date())));
    expect(new Set(started.map((payment) => payment.id)).size).toBe(1);
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
