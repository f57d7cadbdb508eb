import { afterAll, describe, expect, it } from 'vitest';
import {
  checkBooks,
  requestChange,
  requestTopUp,
  startPayment,
  topUpPacks,
} from '../../modules/commerce/billing/index.ts';
import { recognizePayments } from '../../modules/commerce/billing/payments/recognize-payments.ts';
import { testOrganization } from '../../modules/testing/organization.ts';
import { startYookassaServer } from '../../modules/testing/yookassa-server.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { testWorker } from '../../platform/testing/worker.ts';
import * as module from './handle.ts';
import manifest from './worker.ts';

const database = await testDatabase();
const shop = await startYookassaServer();
const worker = await testWorker(
  database,
  { name: 'subscriptions', manifest, module },
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
  await worker.close();
  await shop.close();
  await database.close();
});

const { deps } = worker;
const [pack] = topUpPacks;
const organizationRow = async (id: string) => (await database.owner`select * from organizations where id = ${id}`)[0];
const count = async (table: string, id: string) =>
  (await database.owner`select 1 from ${database.owner(table)} where organization_id = ${id}`).length;

/** A payment at the shop that is waited for. */
async function pendingPayment() {
  const { id } = await testOrganization(database);
  const at = new Date();
  const context = { deps, organizationId: id, at, actor: {} };
  const invoice = await deps.database.tenant(id, (tx) => requestTopUp({ tx, ...context }, pack, 'one'));
  const { providerPaymentId } = await startPayment(deps, invoice, 'yookassa', at);
  return { id, shopId: providerPaymentId ?? '' };
}

describe('the worker of subscriptions', () => {
  it('settles what was paid after the moment of a restore, as the provider lists it', async () => {
    shop.page.most = 1;
    const [paid, known] = [await pendingPayment(), await pendingPayment()];
    for (const { shopId } of [paid, known]) shop.change(shopId, { status: 'succeeded' });
    // An older database: it has the invoice and not the payment; of the third, neither.
    await database.owner`delete from payments where organization_id = ${paid.id}`;
    const metadata = { paymentId: crypto.randomUUID(), invoiceId: crypto.randomUUID(), organizationId: paid.id };
    const third = await pendingPayment();
    shop.change(third.shopId, { status: 'succeeded', metadata });
    const restored = {
      ...{ databaseUrl: database.ownerUrl, at: new Date(Date.now() - 60_000), erased: [] },
      settings: {
        YOOKASSA_SHOP_ID: shop.credentials.shopId,
        YOOKASSA_SECRET_KEY: shop.credentials.secretKey,
        YOOKASSA_BASE_URL: shop.baseUrl,
        OUTBOUND_WHITELIST: new URL(shop.baseUrl).host,
      },
    };
    expect(await recognizePayments(restored)).toEqual({
      state: 'warn',
      detail: expect.stringMatching(
        `^1 that the database did not know, 1 that it did; .*1 were paid for invoices .*: ${third.shopId}$`,
      ),
      hint: expect.any(String),
    });
    expect(await recognizePayments(restored)).toMatchObject({
      detail: expect.stringMatching(/^0 that the database did not know, 2/),
    });
    const without = { ...restored, settings: {} };
    expect(await recognizePayments(without)).toMatchObject({
      state: 'warn',
      detail: expect.stringContaining('not asked'),
    });
    await database.owner`delete from payments where organization_id = ${third.id}`;
    for (let times = 0; times < 2; times++) await worker.deliver(null);
    const credits = await Promise.all(
      [paid, known].map(async ({ id }) => (await organizationRow(id))?.question_credits),
    );
    expect(credits).toEqual(['100', '100']);
  });

  it('finds out about a payment whose notification was lost', async () => {
    const { id, shopId } = await pendingPayment();
    await worker.deliver(null);
    expect((await organizationRow(id))?.question_credits).toBe('0');
    shop.change(shopId, { status: 'succeeded' });
    for (let times = 0; times < 2; times++) await worker.deliver(null);
    expect((await organizationRow(id))?.question_credits).toBe('100');
    expect(await count('ledger_transactions', id)).toBe(2);
  });

  it('gives up a payment that the provider never answered for', async () => {
    const { id } = await testOrganization(database);
    const context = { deps, organizationId: id, at: new Date(), actor: {} };
    const invoice = await deps.database.tenant(id, (tx) => requestTopUp({ tx, ...context }, pack, 'one'));
    shop.disturb({ status: 401 });
    await expect(startPayment(deps, invoice, 'yookassa', new Date())).rejects.toThrow('no answer that counts');
    const state = async () =>
      (await database.owner`select state from payments where invoice_id = ${invoice.id} and provider = 'yookassa'`)[0]
        ?.state;
    await worker.deliver(null);
    expect(await state()).toBe('pending');
    await database.owner`update payments set created_at = now() - interval '25 hours' where invoice_id = ${invoice.id}`;
    await worker.deliver(null);
    expect(await state()).toBe('cancelled');
  });

  it('issues one invoice for a period, however many jobs run at the same time (case 20)', async () => {
    const { id } = await testOrganization(database, { tier: 'basic' });
    await database.owner`
      insert into subscriptions (organization_id, state, tier, period_start, period_end, anchor_day, buyer)
      values (${id}, 'active', 'basic', now() - interval '25 days', now() + interval '5 days', 1, '{"name":"Buyer"}')`;
    await Promise.all([1, 2, 3].map(() => worker.deliver(null)));
    expect(await count('invoices', id)).toBe(1);
    expect(await count('ledger_transactions', id)).toBe(1);
    expect(await count('notifications', id)).toBe(1);
  });

  it('serves all others when one fails, and fails then', async () => {
    const [broken, good] = [await pendingPayment(), await pendingPayment()];
    for (const { shopId } of [broken, good]) shop.change(shopId, { status: 'succeeded' });
    shop.disturb({ status: 401 });
    await expect(worker.deliver(null)).rejects.toThrow('1 of ');
    expect((await organizationRow(good.id))?.question_credits).toBe('100');
    expect((await organizationRow(broken.id))?.question_credits).toBe('0');
    expect(worker.log.some(({ message }) => message === 'Tend billing: left for the next time')).toBe(true);
    await worker.deliver(null);
    expect((await organizationRow(broken.id))?.question_credits).toBe('100');
  });

  it.each([
    ['a page', { status: 200, body: '<html>Maintenance</html>' }],
    ['nothing', { status: 200, body: '' }],
    ['half an answer', { status: 200, body: '{"id":"1","status":"succ' }],
    ['that it is overloaded', { status: 503, body: 'busy' }],
    ['that a gateway finds no such page', { status: 404, body: '<html>Not found</html>' }],
    ['no words', 'cut'],
  ] as const)('leaves a payment pending when the provider answers with %s, and asks again', async (_, answer) => {
    const { id, shopId } = await pendingPayment();
    shop.change(shopId, { status: 'succeeded' });
    shop.disturb(answer, answer, answer);
    await worker.deliver(null);
    const stateOf = async () =>
      (
        await database.owner`
        select state, mismatch, unknown_since from payments where organization_id = ${id} and provider = 'yookassa'`
      )[0];
    expect({ ...(await stateOf()) }).toEqual({ state: 'pending', mismatch: null, unknown_since: null });
    expect((await organizationRow(id))?.question_credits).toBe('0');
    await worker.deliver(null);
    expect([(await stateOf())?.state, (await organizationRow(id))?.question_credits]).toEqual(['succeeded', '100']);
  });

  it('reports a payment that the provider does not know once, and serves the others', async () => {
    const [lost, good] = [await pendingPayment(), await pendingPayment()];
    const gone = crypto.randomUUID();
    await database.owner`update payments set provider_payment_id = ${gone} where provider_payment_id = ${lost.shopId}`;
    shop.change(good.shopId, { status: 'succeeded' });
    const reports = () =>
      worker.log.filter(({ message }) => message === 'Payment is not known to its provider: given up');
    for (let times = 0; times < 3; times++) await worker.deliver(null);
    expect(reports()).toHaveLength(1);
    expect(shop.requests.filter(({ path }) => path.endsWith(gone))).toHaveLength(1);
    expect((await organizationRow(good.id))?.question_credits).toBe('100');
    // Who wants to pay after all gets another payment.
    const [invoice] = await database.owner<
      { id: string }[]
    >`select id from invoices where organization_id = ${lost.id}`;
    const again = await startPayment(deps, { organizationId: lost.id, id: invoice?.id ?? '' }, 'yookassa', new Date());
    expect(again.providerPaymentId).not.toBe(gone);
    shop.change(again.providerPaymentId ?? '', { status: 'succeeded' });
    await worker.deliver(null);
    expect((await organizationRow(lost.id))?.question_credits).toBe('100');
  });

  it.each([
    ['contradicts its provider', { amount: { value: '1.00', currency: 'RUB' } }, 'amount is "100"'],
    ['has no amount', { amount: { value: 'none', currency: 'RUB' } }, 'not a payment, see "amount.value"'],
    ['is in no known state', { status: 'lost' as never }, 'not a payment, see "status"'],
  ])(
    'reports a payment that %s once, leaves it to an operator, and takes it when it is mended',
    async (_, change, why) => {
      const [wrong, good] = [await pendingPayment(), await pendingPayment()];
      shop.change(wrong.shopId, { status: 'succeeded', ...change });
      const before = worker.log.length;
      const reports = () =>
        worker.log
          .slice(before)
          .filter(({ message }) => message?.startsWith('Payment contradicts what its provider says'));
      const marked = () => database.owner`select mismatch from payments where mismatch is not null`;
      await worker.deliver(null);
      shop.change(good.shopId, { status: 'succeeded' });
      for (let times = 0; times < 2; times++) await worker.deliver(null);
      expect(reports()).toHaveLength(1);
      expect((await organizationRow(good.id))?.question_credits).toBe('100');
      expect((await organizationRow(wrong.id))?.question_credits).toBe('0');
      expect((await marked()).map(({ mismatch }) => mismatch)).toEqual([expect.stringContaining(why)]);
      expect(await worker.boot.metrics.expose()).toMatch(/^payments_mismatched\S* 1$/m);
      // A day later the provider has mended it.
      shop.change(wrong.shopId, { status: 'succeeded', amount: { value: '1500.00', currency: 'RUB' } });
      await database.owner`update payments set mismatch_at = now() - interval '25 hours' where mismatch is not null`;
      await worker.deliver(null);
      expect((await organizationRow(wrong.id))?.question_credits).toBe('100');
      expect([...(await marked())]).toEqual([]);
    },
  );

  it('ends a trial', async () => {
    const { id } = await testOrganization(database, { tier: 'demo' });
    const at = new Date(Date.now() - 15 * 24 * 3_600_000);
    const context = { deps, organizationId: id, at, actor: {} };
    await deps.database.tenant(id, (tx) => requestChange({ tx, ...context }, { action: 'trial', tier: 'basic' }));
    expect((await organizationRow(id))?.tier).toBe('basic');
    await worker.deliver(null);
    expect((await organizationRow(id))?.tier).toBe('demo');
  });
});
