import { and, eq, isNull } from 'drizzle-orm';
import type { Transaction } from '../../../../db/client.ts';
import { walletOrders } from '../../../../db/schema/commerce/wallet-orders.ts';
import { organizations } from '../../../../db/schema/people/organizations.ts';
import { Problem } from '../../../../platform/kernel/problem.ts';
import { notFound } from '../../../../platform/kernel/problems.ts';
import { invoiceClosed } from '../../problems.ts';
import { holdBilling } from '../billing-deps.ts';
import { daysAfter } from '../calendar.ts';
import { type Invoice, issueInvoice } from '../invoices/invoice.ts';
import { topUpLine } from '../invoices/invoice-lines.ts';
import type { Payment } from './settle-payment.ts';
import { type PaymentDeps, startPayment } from './take-payment.ts';

/** As long as the order itself can be paid with Stars. */
const DUE_DAYS = 7;

/**
 * A payment of what a user of a bot ordered, with the address where the payer continues. Asking again gives the same one.
 * @throws Problem not-found for an order that is none, is sold for Stars alone or is out of date; invoice-closed for one that is paid;
 *   invalid-request where YooKassa is not configured; PaymentProviderFailure
 */
export async function payOrder(
  deps: PaymentDeps,
  order: { organizationId: string; id: string },
  at: Date,
): Promise<Payment> {
  const invoice = await deps.database.tenant(order.organizationId, (tx) => invoiceOf(tx, deps, order, at));
  return startPayment(deps, invoice, 'yookassa', at);
}

async function invoiceOf(
  tx: Transaction,
  deps: PaymentDeps,
  { organizationId, id }: { organizationId: string; id: string },
  at: Date,
): Promise<Invoice> {
  await holdBilling(tx, organizationId);
  const [order] = await tx
    .select()
    .from(walletOrders)
    .where(and(eq(walletOrders.id, id), eq(walletOrders.organizationId, organizationId)));
  const [organization] = await tx
    .select({ id: organizations.id })
    .from(organizations)
    .where(
      and(
        eq(organizations.id, organizationId),
        isNull(organizations.suspendedAt),
        isNull(organizations.erasureRequestedAt),
      ),
    );
  if (!order || !organization || order.price === null) throw new Problem(notFound);
  if (order.state === 'paid') throw new Problem(invoiceClosed, { parameters: { state: 'paid' } });
  if (order.createdAt < daysAfter(at, -DUE_DAYS)) throw new Problem(notFound);
  const { walletId, unit, amount, price } = order;
  return issueInvoice(
    tx,
    deps,
    {
      ...{ organizationId, about: `order/${id}`, lines: [topUpLine({ unit, amount, price })] },
      purpose: { kind: 'order', orderId: id, walletId, unit, amount },
      // Who it is only Telegram knows.
      buyer: { name: 'Покупатель в Telegram' },
      dueAt: daysAfter(order.createdAt, DUE_DAYS),
    },
    at,
  );
}
