import { and, asc, eq, isNotNull, isNull, lt, lte, ne, or } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { invoices } from '../../../db/schema/commerce/invoices.ts';
import { payments } from '../../../db/schema/commerce/payments.ts';
import { subscriptions } from '../../../db/schema/commerce/subscriptions.ts';
import { daysAfter } from './calendar.ts';
import { STALE_DAYS } from './invoices/invoice.ts';
import type { Payment } from './payments/settle-payment.ts';
import { RENEWAL_DAYS } from './subscription.ts';

/** A payment that contradicts itself was reported; it is looked at again after so long, as the provider may have mended it. */
const MISMATCH_DAYS = 1;

/** Pending payments that an operator has to look at: they contradict what their provider says. */
export const countMismatches = (tx: Transaction): Promise<number> =>
  tx.$count(payments, and(eq(payments.state, 'pending'), isNotNull(payments.mismatch)));

/** What there is to be looked after at a time. It wants a role that sees every organization. */
export async function findDue(tx: Transaction, at: Date): Promise<{ organizations: string[]; payments: Payment[] }> {
  const ending = await tx
    .select({ id: subscriptions.organizationId })
    .from(subscriptions)
    .where(and(ne(subscriptions.state, 'expired'), lte(subscriptions.periodEnd, daysAfter(at, RENEWAL_DAYS))));
  const unpaid = await tx
    .selectDistinct({ id: invoices.organizationId })
    .from(invoices)
    .where(and(eq(invoices.state, 'open'), lt(invoices.dueAt, daysAfter(at, -STALE_DAYS))));
  const pending = await tx
    .select()
    .from(payments)
    .where(
      and(
        ...[eq(payments.state, 'pending'), ne(payments.provider, 'bank'), isNull(payments.unknownSince)],
        or(isNull(payments.mismatchAt), lt(payments.mismatchAt, daysAfter(at, -MISMATCH_DAYS))),
      ),
    )
    .orderBy(asc(payments.createdAt));
  return { organizations: [...new Set([...ending, ...unpaid].map(({ id }) => id))], payments: pending };
}
