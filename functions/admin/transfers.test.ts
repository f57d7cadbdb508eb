import { afterAll, describe, expect, it } from 'vitest';
import {
  checkBooks,
  createBankProvider,
  requestChange,
  requestTopUp,
  startPayment,
} from '../../modules/commerce/billing/index.ts';
import { testOrganization } from '../../modules/testing/organization.ts';
import { createNotifications } from '../../platform/capabilities/outbox/index.ts';
import { createQueue } from '../../platform/capabilities/queue/index.ts';
import { adminScene, problem } from './admin.fixture.ts';

const { database, ask, acts } = await adminScene();
const queue = createQueue(database.url('billing'));
const deps = {
  database: database.billing,
  notifications: createNotifications(queue),
  providers: { bank: createBankProvider() },
};
afterAll(async () => {
  expect(await database.platform.transaction(checkBooks)).toEqual([]);
  await queue.close();
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
