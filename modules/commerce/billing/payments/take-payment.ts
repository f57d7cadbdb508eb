import { and, eq, isNull } from 'drizzle-orm';
import type { Database, Transaction } from '../../../../db/client.ts';
import { invoices } from '../../../../db/schema/commerce/invoices.ts';
import { payments } from '../../../../db/schema/commerce/payments.ts';
import { Problem } from '../../../../platform/kernel/problem.ts';
import { invalidRequest, notFound } from '../../../../platform/kernel/problems.ts';
import { invoiceClosed, paymentMismatch } from '../../problems.ts';
import { type Actor, type BillingDeps, holdBilling } from '../billing-deps.ts';
import { daysAfter } from '../calendar.ts';
import {
  PaymentMismatch,
  type PaymentProvider,
  PaymentProviderFailure,
  type PaymentProviderName,
  type PaymentProviders,
  type PaymentRequest,
  PaymentUnreadable,
  type ProviderPayment,
} from '../contract.ts';
import { roublesOf } from '../kopecks.ts';
import { misfit, type Payment, settlePayment } from './settle-payment.ts';

export interface PaymentDeps extends BillingDeps {
  database: Database;
  providers: PaymentProviders;
}

/** A provider forgets an idempotence key after a day; no one was shown where to pay what it never answered for. */
const FORGOTTEN_DAYS = 1;

/** @throws Problem invalid-request for a provider that is not configured */
export function configuredProvider(providers: PaymentProviders, name: PaymentProviderName): PaymentProvider {
  const provider = providers[name];
  if (provider) return provider;
  throw new Problem(invalidRequest, { errors: [{ path: 'body.provider', message: 'not available here' }] });
}

/**
 * A payment of an open invoice by a provider, with the address where the payer continues. Asking again gives the same one, as
 * long as it can still be paid. The provider is asked outside of any transaction.
 * @throws Problem not-found, invoice-closed; PaymentProviderFailure
 */
export async function startPayment(
  deps: PaymentDeps,
  invoice: { organizationId: string; id: string },
  name: PaymentProviderName,
  at: Date,
): Promise<Payment> {
  const provider = configuredProvider(deps.providers, name);
  let payment = await expectPayment(deps.database, invoice, name);
  if (payment.providerPaymentId !== null) {
    const state = await syncPayment(deps, payment, at);
    // What the provider does not know cannot be paid there.
    if (state === 'unknown') await settle(deps, payment, { id: payment.providerPaymentId, state: 'cancelled' }, at);
    if (state !== 'pending') payment = await expectPayment(deps.database, invoice, name);
  }
  if (payment.providerPaymentId !== null) return payment;
  const made = await provider.create(toRequest(payment));
  const wrong = misfit(payment, made);
  if (wrong) throw new PaymentProviderFailure(name, `created "${made.id}": ${wrong}`);
  const answer = { providerPaymentId: made.id, confirmationUrl: made.confirmationUrl };
  await deps.database.tenant(payment.organizationId, (tx) =>
    tx
      .update(payments)
      .set(answer)
      .where(and(eq(payments.id, payment.id), isNull(payments.providerPaymentId))),
  );
  return { ...payment, ...answer };
}

/** The row of the pending payment, made when there is none. */
const expectPayment = (
  database: Database,
  { organizationId, id }: { organizationId: string; id: string },
  provider: PaymentProviderName,
): Promise<Payment> =>
  database.tenant(organizationId, async (tx) => {
    await holdBilling(tx, organizationId);
    const ours = and(eq(invoices.id, id), eq(invoices.organizationId, organizationId));
    const [invoice] = await tx.select().from(invoices).where(ours);
    if (!invoice) throw new Problem(notFound);
    if (invoice.state !== 'open') throw new Problem(invoiceClosed, { parameters: { state: invoice.state } });
    const same = and(eq(payments.invoiceId, id), eq(payments.provider, provider), eq(payments.state, 'pending'));
    const [standing] = await tx.select().from(payments).where(same);
    if (standing) return standing;
    const [made] = await tx
      .insert(payments)
      .values({ organizationId, invoiceId: id, provider, amount: invoice.total, currency: invoice.currency })
      .returning();
    if (!made) throw new Error(`Expect payment of "${invoice.number}": no row came back`);
    return made;
  });

/**
 * Asks the provider what has become of a payment, and ends it when it has. Nothing else is ever believed.
 * @returns the payment's state then; it stays pending when the provider does not know it, which is marked and returned as `unknown`
 * @throws PaymentMismatch when what the provider says is about something else or not a payment, which is marked as well
 */
export async function syncPayment(
  deps: PaymentDeps,
  payment: Payment,
  at: Date,
): Promise<Payment['state'] | 'unknown'> {
  const provider = deps.providers[payment.provider as PaymentProviderName];
  if (payment.state !== 'pending' || !provider) return payment.state;
  const { providerPaymentId } = payment;
  if (providerPaymentId === null) {
    if (payment.createdAt > daysAfter(at, -FORGOTTEN_DAYS)) return 'pending';
    return settle(deps, payment, { id: payment.id, state: 'cancelled' }, at);
  }
  const seen = await provider
    .fetch({ ...toRequest(payment), providerPaymentId })
    .catch((error: unknown) => (error instanceof PaymentUnreadable ? error : Promise.reject(error)));
  const mismatch = (seen && (seen instanceof PaymentUnreadable ? seen.reason : misfit(payment, seen))) ?? null;
  await mark(deps.database, payment, {
    unknownSince: seen ? null : (payment.unknownSince ?? at),
    mismatch,
    mismatchAt: mismatch === null ? null : at,
  });
  if (!seen) return 'unknown';
  if (seen instanceof PaymentUnreadable || mismatch !== null) {
    throw new PaymentMismatch(provider.name, `showed "${providerPaymentId}": ${mismatch}`);
  }
  return settle(deps, payment, seen, at);
}

const settle = (deps: PaymentDeps, payment: Payment, seen: Pick<ProviderPayment, 'id' | 'state'>, at: Date) =>
  deps.database.tenant(payment.organizationId, (tx) => settlePayment(tx, deps, payment, seen, at));

type Marks = Pick<Payment, 'unknownSince' | 'mismatch' | 'mismatchAt'>;

/** Keeps what an operator has to look at, or that there is nothing any more. */
async function mark(database: Database, payment: Payment, marks: Marks): Promise<void> {
  if (Object.entries(marks).every(([name, value]) => payment[name as keyof Marks] === value)) return;
  await database.tenant(payment.organizationId, (tx) =>
    tx
      .update(payments)
      .set(marks)
      .where(and(eq(payments.id, payment.id), eq(payments.state, 'pending'))),
  );
}

/**
 * What somebody sent who says to be a provider. It only tells which payment to ask the provider about, and only one that we
 * wait for; everything else is left alone without a call.
 */
export async function receiveNotice(
  deps: PaymentDeps,
  name: PaymentProviderName,
  notice: { providerPaymentId: string; paymentId: string; organizationId: string },
  at: Date,
): Promise<void> {
  const { organizationId, paymentId, providerPaymentId } = notice;
  const asked = and(
    ...[eq(payments.organizationId, organizationId), eq(payments.id, paymentId), eq(payments.provider, name)],
  );
  const [payment] = await deps.database.tenant(organizationId, (tx) => tx.select().from(payments).where(asked));
  // The answer that would have told the provider's id may have been lost.
  if (!payment || (payment.providerPaymentId ?? providerPaymentId) !== providerPaymentId) return;
  await syncPayment(deps, { ...payment, providerPaymentId }, at);
}

/**
 * A transfer that an administrator found on the bank's statement.
 * @throws Problem not-found, payment-mismatch when another amount or currency came, invoice-closed
 */
export async function confirmTransfer(
  tx: Transaction,
  deps: BillingDeps,
  payment: Payment | undefined,
  seen: { amount: number; currency: string },
  at: Date,
  actor: Actor,
): Promise<void> {
  if (payment?.provider !== 'bank') throw new Problem(notFound);
  const { amount, currency } = payment;
  if (seen.amount !== amount || seen.currency !== currency) {
    throw new Problem(paymentMismatch, { parameters: { expected: roublesOf(amount), currency } });
  }
  const state = await settlePayment(tx, deps, payment, { id: payment.id, state: 'succeeded' }, at, actor);
  if (state === 'cancelled') throw new Problem(invoiceClosed, { parameters: { state } });
}

const toRequest = ({ id, organizationId, invoiceId, amount, currency }: Payment): PaymentRequest => ({
  ...{ id, organizationId, invoiceId, amount, currency },
  description: `Pandect ${invoiceId}`,
});
