import { afterAll, describe, expect, it } from 'vitest';
import { checkBooks } from '../../modules/commerce/billing/index.ts';
import { testOrganization } from '../../modules/testing/organization.ts';
import { startYookassaServer } from '../../modules/testing/yookassa-server.ts';
import { testApp } from '../../platform/testing/app.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import * as module from './app.ts';
import manifest from './function.ts';

const database = await testDatabase();
const shop = await startYookassaServer();
const app = await testApp(
  database,
  { name: 'billing', manifest, module },
  {
    environment: {
      YOOKASSA_SHOP_ID: shop.credentials.shopId,
      YOOKASSA_SECRET_KEY: shop.credentials.secretKey,
      YOOKASSA_BASE_URL: shop.baseUrl,
      OUTBOUND_WHITELIST: new URL(shop.baseUrl).host,
    },
  },
);
afterAll(async () => {
  expect(await database.platform.transaction(checkBooks)).toEqual([]);
  await app.close();
  await shop.close();
  await database.close();
});

type Organization = Awaited<ReturnType<typeof testOrganization>>;
const organization = () => testOrganization(database, { tier: 'demo', name: 'ООО «Нотариус»' });
const change = (as: Organization['owner'], json: object, headers = {}) =>
  app.json('POST /api/subscription', { as, json, headers });
const topUp = (as: Organization['owner'], json: object, headers = {}) =>
  app.json('POST /api/top-ups', { as, json, headers });
const state = async (as: Organization['owner']) => (await app.json('GET /api/subscription', { as })).body;
const notify = (object: object, event = 'payment.succeeded') =>
  app.json('POST /api/billing/webhooks/yookassa', { json: { type: 'notification', event, object } });
/** The payment at the shop that belongs to one of ours. */
const atShop = (paymentId: string) => {
  const found = shop.payments.find(({ metadata }) => metadata.paymentId === paymentId);
  if (!found) throw new Error(`Find payment "${paymentId}": the shop has none`);
  return found;
};
const entries = async ({ id }: Organization) => {
  const [row] = await database.owner<{ count: string }[]>`
    select count(*) from ledger_transactions where organization_id = ${id}`;
  return Number(row?.count);
};
const problem = (name: string) => `urn:pandect:problem:${name}`;

describe('GET /api/plans', () => {
  it('shows everybody the figures and prices, in kopecks', async () => {
    const { status, body } = await app.json('GET /api/plans');
    expect(status).toBe(200);
    expect(body.items.map(({ tier, price }: { tier: string; price: number }) => [tier, price])).toEqual([
      ['demo', 0],
      ['basic', 500_000],
      ['professional', 1_500_000],
      ['enterprise', 5_000_000],
    ]);
    expect(body.items[1]).toMatchObject({ name: { ru: 'Базовый', en: 'Basic' }, questionsPerDay: 50, users: 3 });
    expect(
      body.items[1].units.map(({ unit, period, amount }: Record<string, unknown>) => [unit, period, amount]),
    ).toEqual([
      ['question', 'day', 50],
      ['question', 'month', 500],
      ['image', 'day', 50],
      ['image', 'month', 500],
      ['reading', 'day', 300],
      ['reading', 'month', 5000],
      ['document', undefined, 100],
      ['byte', undefined, 1024 ** 3],
      ['user', undefined, 3],
    ]);
    expect(body.topUps.map(({ questions }: { questions: number }) => questions)).toEqual([100, 500, 2000]);
  });
});

describe('POST /api/subscription', () => {
  it('starts a trial once, with nothing to pay', async () => {
    const { owner } = await organization();
    const { status, body } = await change(owner, { action: 'trial', tier: 'professional' });
    expect([status, body.subscription.state, body.invoice]).toEqual([200, 'trial', null]);
    expect((await state(owner)).tier).toBe('professional');
    await change(owner, { action: 'cancel' });
    expect((await state(owner)).tier).toBe('demo');
    const again = await change(owner, { action: 'trial', tier: 'basic' });
    expect([again.status, again.body.type]).toEqual([409, problem('trial-used')]);
  });

  it('gives an invoice and somewhere to pay, and the plan when the provider says that it was paid', async () => {
    const mine = await organization();
    const { body } = await change(mine.owner, { action: 'subscribe', tier: 'basic', provider: 'yookassa' });
    expect(body.subscription).toBeNull();
    expect(body.invoice).toMatchObject({ state: 'open', total: 500_000, buyer: { name: 'ООО «Нотариус»' } });
    expect(body.payment).toMatchObject({ state: 'pending', confirmationUrl: expect.stringMatching(/^https:/) });
    expect((await state(mine.owner)).openInvoices).toHaveLength(1);
    const paid = { ...atShop(body.payment.id), status: 'succeeded' };
    await notify(paid);
    expect((await state(mine.owner)).tier).toBe('demo');
    shop.change(paid.id, { status: 'succeeded' });
    expect((await notify(paid)).status).toBe(200);
    expect(await state(mine.owner)).toMatchObject({
      tier: 'basic',
      subscription: { state: 'active' },
      openInvoices: [],
    });
    expect(await entries(mine)).toBe(2);
  });

  it('does the same thing once under one key, also after the provider failed in between', async () => {
    const mine = await organization();
    const request = { action: 'subscribe', tier: 'basic', provider: 'yookassa' };
    const key = { 'idempotency-key': crypto.randomUUID() };
    shop.disturb({ status: 403 });
    const failed = await change(mine.owner, request, key);
    expect([failed.status, failed.body.type]).toEqual([502, problem('payment-failed')]);
    const first = await change(mine.owner, request, key);
    const second = await change(mine.owner, request, key);
    expect(second.body).toEqual(first.body);
    expect(await entries(mine)).toBe(1);
    const other = await change(mine.owner, { ...request, tier: 'enterprise' }, key);
    expect([other.status, other.body.type]).toEqual([422, problem('idempotency-mismatch')]);
  });

  it.each(['admin', 'member', 'viewer'] as const)('is not there for %ss', async (role) => {
    const { addMember } = await organization();
    const { status, body } = await change(await addMember(role), { action: 'trial', tier: 'basic' });
    expect([status, body.type]).toEqual([404, problem('not-found')]);
  });

  it.each([
    { action: 'subscribe', tier: 'demo' },
    { action: 'subscribe', tier: 'platinum' },
    { action: 'subscribe', tier: 'basic', provider: 'cash' },
    { action: 'subscribe', tier: 'basic', buyer: { name: 'x', inn: '123' } },
    { action: 'subscribe', tier: 'basic', price: 1 },
    { action: 'refund' },
    { action: 'trial' },
    { action: 'cancel', tier: 'basic' },
  ])('refuses %j', async (json) => {
    const mine = await organization();
    const { status, body } = await change(mine.owner, json);
    expect([status, body.type]).toEqual([400, problem('invalid-request')]);
    expect(body.errors[0].path).toMatch(/^body/);
    expect(await entries(mine)).toBe(0);
  });

  it.each(['upgrade', 'downgrade', 'cancel', 'resume'])('refuses to %s what is not there', async (action) => {
    const tier = ['upgrade', 'downgrade'].includes(action) ? { tier: 'basic' } : {};
    const { status, body } = await change((await organization()).owner, { action, ...tier });
    expect([status, body.type, body.current]).toEqual([409, problem('subscription-conflict'), 'none']);
  });
});

describe('POST /api/top-ups', () => {
  it.each([0, -100, 100.5, 1e12, 101, '100', null])('refuses %j questions', async (questions) => {
    const mine = await organization();
    const { status, body } = await topUp(mine.owner, { questions });
    expect([status, body.type]).toEqual([400, problem('invalid-request')]);
    expect(await entries(mine)).toBe(0);
  });

  it('makes one invoice of requests under one key at the same time', async () => {
    const mine = await organization();
    const key = { 'idempotency-key': 'top' };
    await Promise.all(
      Array.from({ length: 5 }, () => topUp(mine.owner, { questions: 100, provider: 'yookassa' }, key)),
    );
    expect(await entries(mine)).toBe(1);
  });
});

describe('a duplicate webhook, top-up or invoice job makes one ledger entry (case 20)', () => {
  it('when the provider tells of a payment many times, also at once', async () => {
    const mine = await organization();
    const { body } = await topUp(mine.owner, { questions: 500, provider: 'yookassa' });
    const paid = shop.change(atShop(body.payment.id).id, { status: 'succeeded' });
    const answers = await Promise.all(Array.from({ length: 8 }, () => notify(paid)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    await notify(paid);
    expect((await state(mine.owner)).questionCredits).toBe(500);
    expect(await entries(mine)).toBe(2);
  });
});

describe('POST /api/billing/webhooks/:provider', () => {
  /** A top-up that waits for its payment, and the payment as the shop has it. */
  async function pending() {
    const mine = await organization();
    const { body } = await topUp(mine.owner, { questions: 100, provider: 'yookassa' });
    return { mine, payment: body.payment, seen: atShop(body.payment.id) };
  }
  const untouched = async (mine: Organization) => {
    expect(await entries(mine)).toBe(1);
    expect(await state(mine.owner)).toMatchObject({ questionCredits: 0, openInvoices: [{ state: 'open' }] });
  };

  it('believes no notification: the provider is asked', async () => {
    const { mine, seen } = await pending();
    expect((await notify({ ...seen, status: 'succeeded', paid: true })).status).toBe(200);
    await untouched(mine);
  });

  it('asks no one about payments that are not waited for', async () => {
    const { mine, seen } = await pending();
    const before = shop.requests.length;
    const theirs = { ...seen.metadata, organizationId: crypto.randomUUID() };
    for (const forged of [{ id: crypto.randomUUID() }, { metadata: theirs }]) {
      expect((await notify({ ...seen, ...forged })).status).toBe(200);
    }
    expect(shop.requests.length).toBe(before);
    await untouched(mine);
  });

  it.each([
    ['another amount', { amount: { value: '1.00', currency: 'RUB' } }],
    ['a larger amount', { amount: { value: '1500.01', currency: 'RUB' } }],
    ['another currency', { amount: { value: '1500.00', currency: 'USD' } }],
    ['a negative amount', { amount: { value: '-1500.00', currency: 'RUB' } }],
    ['the metadata of another payment', { metadata: { paymentId: crypto.randomUUID() } }],
  ])('books nothing when the provider shows %s', async (_, changed) => {
    const { mine, seen } = await pending();
    const { id, metadata } = seen;
    shop.change(id, { status: 'succeeded', ...changed } as never);
    const { status, body } = await notify({ id, metadata });
    expect([status, body.type]).toEqual([502, problem('payment-failed')]);
    await untouched(mine);
  });

  it('believes one payment for another no more than any other lie', async () => {
    const [cheap, dear] = [await pending(), await pending()];
    const paid = shop.change(cheap.seen.id, { status: 'succeeded' });
    expect((await notify({ ...paid, metadata: dear.seen.metadata })).status).toBe(200);
    await untouched(dear.mine);
  });

  it('tells the provider to come again when it cannot be asked', async () => {
    const { mine, seen } = await pending();
    shop.change(seen.id, { status: 'succeeded' });
    shop.disturb({ status: 500 }, { status: 500 }, { status: 500 });
    expect((await notify(seen)).status).toBe(502);
    await untouched(mine);
    expect((await notify(seen)).status).toBe(200);
    expect((await state(mine.owner)).questionCredits).toBe(100);
  });

  it('lets an invoice be paid again when a payment was cancelled', async () => {
    const { mine, payment, seen } = await pending();
    shop.change(seen.id, { status: 'canceled' });
    await notify(seen, 'payment.canceled');
    await untouched(mine);
    const [open] = (await state(mine.owner)).openInvoices;
    const pay = () =>
      app.json(`POST /api/invoices/${open.id}/payments`, { as: mine.owner, json: { provider: 'yookassa' } });
    const { body } = await pay();
    expect(body).toMatchObject({ state: 'pending', confirmationUrl: expect.any(String) });
    expect(body.id).not.toBe(payment.id);
    expect((await pay()).body.id).toBe(body.id);
    await notify(shop.change(atShop(body.id).id, { status: 'succeeded' }));
    expect((await state(mine.owner)).questionCredits).toBe(100);
    expect((await pay()).body).toMatchObject({ type: problem('invoice-closed'), state: 'paid' });
  });

  it.each([{}, { event: 'x' }, { event: 'x', object: { id: '../..', metadata: {} } }, [], 'text'])(
    'refuses %j',
    async (json) => {
      const { status, body } = await app.json('POST /api/billing/webhooks/yookassa', { json });
      expect([status, body.type]).toEqual([400, problem('invalid-request')]);
    },
  );

  it.each(['bank', 'paypal', 'yookassa2'])('does not know %s', async (provider) => {
    const object = {
      id: crypto.randomUUID(),
      metadata: { paymentId: crypto.randomUUID(), organizationId: crypto.randomUUID() },
    };
    const { status } = await app.json(`POST /api/billing/webhooks/${provider}`, { json: { event: 'x', object } });
    expect(status).toBe(404);
  });
});
