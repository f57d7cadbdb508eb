import { and, eq, sql } from 'drizzle-orm';
import type { Transaction } from '../../../../db/client.ts';
import { telegramPayments } from '../../../../db/schema/commerce/telegram-payments.ts';
import { walletOrders } from '../../../../db/schema/commerce/wallet-orders.ts';
import { holdOrganization } from '../../../people/accounts/index.ts';
import { creditUnits } from '../move-units.ts';
import { findOrder, markPaid, type Order } from '../orders/create-order.ts';

export type TelegramPayment = typeof telegramPayments.$inferSelect;

/** Money that came: a `successful_payment`, or a row of Telegram's own list. */
export interface ReceivedPayment {
  organizationId: string;
  botId: string;
  /** Of the person who paid; undefined when that is not known. */
  walletId: string | undefined;
  telegramId: string;
  currency: string;
  totalAmount: number;
  payload: string;
  chargeId: string;
  isRecurring?: boolean;
  /** End of the 30 days that were paid for, of a subscription. */
  subscriptionUntil?: Date | undefined;
  isReconciled?: boolean;
  paidAt: Date;
}

export type Credited =
  | { outcome: 'credited'; unit: string; amount: number; paidUntil?: Date | undefined }
  /** This charge was here before; nothing changed. */
  | { outcome: 'known' }
  /** Nothing was credited: it is to be paid back. */
  | { outcome: 'mismatch'; reason: string };

const PERIOD_DAYS = 30;
const GRACE_DAYS = 1;
const DAY_MS = 86_400_000;

/**
 * Credits a charge once, however often and by whom it is told of. A second charge for an order is a credit of its own. What fits no order
 * is written down without one. In one transaction with whatever the caller stores of it.
 */
export async function creditPayment(tx: Transaction, payment: ReceivedPayment): Promise<Credited> {
  const { organizationId, botId, chargeId, currency, totalAmount, payload, telegramId } = payment;
  // Locked first, as by every request that takes units: two tellers of one charge come one after the other.
  await holdOrganization(tx, organizationId);
  const order = await findOrder(tx, botId, payload);
  const mismatch = mismatchOf(order, payment);
  const walletId = payment.walletId ?? order?.walletId ?? null;
  const [row] = await tx
    .insert(telegramPayments)
    .values({
      ...{ botId, chargeId, organizationId, walletId, telegramId, currency, amount: totalAmount },
      ...{
        orderId: order?.id ?? null,
        state: mismatch === undefined ? 'credited' : 'mismatch',
        mismatch: mismatch ?? null,
      },
      ...(mismatch === undefined && { unit: order?.unit, units: order?.amount }),
      ...{ isRecurring: payment.isRecurring ?? false, isReconciled: payment.isReconciled ?? false },
      paidAt: payment.paidAt,
    })
    .onConflictDoNothing()
    .returning();
  if (!row) return { outcome: 'known' };
  if (currency === 'XTR') {
    await bookStars(tx, row, 'stars', mismatch === undefined ? 'stars-sales' : 'stars-surplus');
  }
  if (mismatch !== undefined || !order || walletId === null)
    return { outcome: 'mismatch', reason: mismatch ?? 'no order' };
  const paidUntil = order.monthly ? await renew(tx, order, payment) : undefined;
  const { unit, amount } = order;
  await creditUnits(tx, {
    ...{ organizationId, walletId, unit, amount, why: 'payment', reference: `telegram ${botId} ${chargeId}` },
    expiresAt: paidUntil,
  });
  await markPaid(tx, order, payment.paidAt);
  return { outcome: 'credited', unit, amount, paidUntil };
}

function mismatchOf(order: Order | undefined, { currency, totalAmount }: ReceivedPayment): string | undefined {
  if (!order) return 'no order has its payload';
  if (currency !== 'XTR') return `its currency is "${currency.slice(0, 8)}" and not "XTR"`;
  if (totalAmount !== order.stars) return `its amount is ${totalAmount} and not ${order.stars}`;
  return undefined;
}

/** @returns until when what was paid for can be used */
async function renew(tx: Transaction, { id }: Order, { subscriptionUntil, paidAt }: ReceivedPayment): Promise<Date> {
  const end = subscriptionUntil ?? new Date(paidAt.getTime() + PERIOD_DAYS * DAY_MS);
  const paidUntil = new Date(end.getTime() + GRACE_DAYS * DAY_MS);
  await tx
    .update(walletOrders)
    .set({
      renewal: 'active',
      paidUntil: sql`greatest(${walletOrders.paidUntil}, ${paidUntil.toISOString()}::timestamptz)`,
    })
    .where(eq(walletOrders.id, id));
  return paidUntil;
}

/** Books what came, or was paid back. */
export async function bookStars(
  tx: Transaction,
  { organizationId, botId, chargeId, amount, paidAt, refundedAt }: TelegramPayment,
  kind: 'stars' | 'stars-refund',
  account: 'stars-sales' | 'stars-surplus',
): Promise<void> {
  const at = (kind === 'stars' ? paidAt : (refundedAt ?? paidAt)).toISOString();
  await tx.execute(sql`
    select book_stars(${organizationId}, ${kind}, ${`${botId} ${chargeId}`}, ${amount}, ${account}, ${at}::timestamptz)`);
}

/** A charge that came; undefined when it is not known. Locked until the transaction ends. */
export async function lockPayment(
  tx: Transaction,
  { botId, chargeId }: Pick<TelegramPayment, 'botId' | 'chargeId'>,
): Promise<TelegramPayment | undefined> {
  const [row] = await tx
    .select()
    .from(telegramPayments)
    .where(and(eq(telegramPayments.botId, botId), eq(telegramPayments.chargeId, chargeId)))
    .for('update');
  return row;
}
