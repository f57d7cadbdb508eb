import { and, eq } from 'drizzle-orm';
import type { Transaction } from '../../../../db/client.ts';
import { invoices } from '../../../../db/schema/commerce/invoices.ts';
import type { LedgerAccount } from '../../../../db/schema/commerce/ledger.ts';
import { type PaymentState, payments } from '../../../../db/schema/commerce/payments.ts';
import { addCredits } from '../../metering/index.ts';
import { tellPeople } from '../../tell-people.ts';
import { fulfilOrder } from '../../wallets/orders/fulfil-order.ts';
import { type Actor, type BillingDeps, holdBilling, isThere, platformActor, recordIfThere } from '../billing-deps.ts';
import { changeSubscription, tendSubscription } from '../change-subscription.ts';
import type { ProviderPayment } from '../contract.ts';
import { closeInvoice, type Invoice } from '../invoices/invoice.ts';
import { book } from '../ledger.ts';

export type Payment = typeof payments.$inferSelect;

/** Why what a provider says is not about a payment of ours; undefined when it fits in everything. */
export function misfit(payment: Payment, seen: ProviderPayment): string | undefined {
  const { metadata } = seen;
  const pairs: [what: string, ours: unknown, theirs: unknown][] = [
    ['id', payment.providerPaymentId ?? seen.id, seen.id],
    ['payment', payment.id, metadata.paymentId],
    ['invoice', payment.invoiceId, metadata.invoiceId],
    ['organization', payment.organizationId, metadata.organizationId],
    ['currency', payment.currency, seen.currency],
    ['amount', payment.amount, seen.amount],
  ];
  const wrong = pairs.find(([, ours, theirs]) => ours !== theirs);
  return wrong && `its ${wrong[0]} is "${wrong[2]}" and not "${wrong[1]}"`;
}

/**
 * Ends a pending payment with what its provider said, and does what the invoice was for, once: anyone who comes later, or at the
 * same time, finds it ended and changes nothing. What is said must have been compared with the payment before.
 * @returns the state that the payment has then
 */
export async function settlePayment(
  tx: Transaction,
  deps: BillingDeps,
  { organizationId, id }: Pick<Payment, 'organizationId' | 'id'>,
  seen: Pick<ProviderPayment, 'id' | 'state'>,
  at: Date,
  actor: Actor = platformActor,
): Promise<PaymentState> {
  await holdBilling(tx, organizationId);
  const [payment] = await tx
    .select()
    .from(payments)
    .where(and(eq(payments.organizationId, organizationId), eq(payments.id, id)));
  if (!payment) throw new Error(`Settle payment "${id}": there is none`);
  if (payment.state !== 'pending' || seen.state === 'pending') return payment.state;
  // What ran out before the money came has run out.
  await tendSubscription(tx, deps, organizationId, at);
  const [invoice] = await tx.select().from(invoices).where(eq(invoices.id, payment.invoiceId));
  if (!invoice) throw new Error(`Settle payment "${id}": it has no invoice`);
  const isWanted = invoice.state === 'open' && (await isThere(tx, organizationId));
  const state = seen.state === 'cancelled' ? 'cancelled' : isWanted ? 'succeeded' : 'surplus';
  await tx
    .update(payments)
    .set({ state, closedAt: at, providerPaymentId: seen.id, ...(actor.actorId && { confirmedBy: actor.actorId }) })
    .where(eq(payments.id, id));
  if (state === 'cancelled') return state;

  await book(tx, {
    ...{ organizationId, kind: 'payment', reference: id, at, amount: payment.amount },
    to: payment.provider as LedgerAccount,
    from: state === 'succeeded' ? 'receivable' : 'surplus',
  });
  const { number, total } = invoice;
  const details = { total, provider: payment.provider, payment: id, state };
  await recordIfThere(tx, { organizationId, ...actor, action: 'receive-payment', target: number, details });
  if (state === 'surplus') return state;
  await closeInvoice(tx, invoice.id, 'paid', at);
  await fulfil(tx, deps, invoice, id, at, actor);
  if (invoice.purpose.kind === 'order') return state;
  const parameters = { number, total };
  await tellPeople(tx, deps.notifications, ['owner'], { organizationId, kind: 'payment', reference: id, parameters });
  return state;
}

/** What was paid for. */
async function fulfil(
  tx: Transaction,
  deps: BillingDeps,
  invoice: Invoice,
  payment: string,
  at: Date,
  actor: Actor,
): Promise<void> {
  const { organizationId, purpose, buyer } = invoice;
  if (purpose.kind === 'top-up') {
    const { unit = 'question', amount = purpose.questions ?? 0 } = purpose;
    await addCredits(tx, { organizationId }, { unit, amount });
    return;
  }
  if (purpose.kind === 'order') return fulfilOrder(tx, deps.queue, organizationId, purpose, payment, at);
  await changeSubscription(tx, deps, organizationId, { kind: 'paid', purpose, buyer }, at, actor);
  await tendSubscription(tx, deps, organizationId, at);
}
