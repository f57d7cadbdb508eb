import type { Transaction } from '../../db/client.ts';
import type { Notifications } from '../../platform/capabilities/outbox/index.ts';
import type { TestDatabase } from '../../platform/testing/database.ts';
import {
  type ChangeRequest,
  holdBilling,
  type Invoice,
  readSubscription,
  requestChange,
  requestTopUp,
  tendSubscription,
  topUpPacks,
} from '../commerce/billing/index.ts';
import { settlePayment } from '../commerce/billing/payments/settle-payment.ts';
import { testOrganization } from './organization.ts';

const [smallPack] = topUpPacks;

/** An organization and what can be done to its billing at times that a test chooses. */
export async function testCustomer(database: TestDatabase, deps: { notifications: Notifications }) {
  const { id, owner } = await testOrganization(database, { tier: 'demo', name: 'ООО «Заказчик»' });
  const within = <T>(work: (tx: Transaction) => Promise<T>) => database.billing.tenant(id, work);
  const actor = { actorId: owner.userId };
  const payments = async (invoice: Pick<Invoice, 'id'>) =>
    database.owner<{ id: string; provider: string; state: string }[]>`
      select id, provider, state from payments where invoice_id = ${invoice.id} order by created_at, id`;
  return {
    id,
    owner,
    ask: (at: Date, request: ChangeRequest) =>
      within((tx) => requestChange({ tx, deps, organizationId: id, at, actor }, request)),
    topUp: (at: Date, about: string) =>
      within((tx) => requestTopUp({ tx, deps, organizationId: id, at, actor }, smallPack, about)),
    tend: (at: Date) =>
      within(async (tx) => {
        await holdBilling(tx, id);
        return tendSubscription(tx, deps, id, at);
      }),
    payments,
    /** Money comes by transfer. */
    async pay(at: Date, invoice: Pick<Invoice, 'id'> | undefined) {
      const [payment] = invoice ? await payments(invoice) : [];
      if (!payment) throw new Error('Pay invoice: none is given');
      const seen = { id: payment.id, state: 'succeeded' } as const;
      return within((tx) => settlePayment(tx, deps, { organizationId: id, id: payment.id }, seen, at));
    },
    subscription: () => within((tx) => readSubscription(tx, id)),
    async organization() {
      const [row] = await database.owner`select * from organizations where id = ${id}`;
      return row ?? {};
    },
    invoices: () =>
      database.owner<{ id: string; number: string; state: string; total: string; purpose: { kind: string } }[]>`
        select * from invoices where organization_id = ${id} order by number`,
    async accounts() {
      const rows = await database.owner<{ account: string; amount: string }[]>`
        select account, sum(amount) as amount from ledger_entries where organization_id = ${id} group by 1`;
      return Object.fromEntries(rows.map(({ account, amount }) => [account, Number(amount)]));
    },
  };
}
