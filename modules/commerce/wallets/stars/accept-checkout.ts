import { eq } from 'drizzle-orm';
import type { Transaction } from '../../../../db/client.ts';
import { organizations } from '../../../../db/schema/people/organizations.ts';
import { findOrder } from '../orders/create-order.ts';
import { type CheckoutRefusal, checkoutWords } from './words.ts';

/** What Telegram asks before it takes the money: a `pre_checkout_query`. */
export interface Checkout {
  organizationId: string;
  botId: string;
  /** Whether the bot may sell at the moment. */
  isBotOpen: boolean;
  /** Of the person who pays; undefined for somebody whom the bot does not know, or who may not use it. */
  walletId: string | undefined;
  currency: string;
  totalAmount: number;
  payload: string;
}

/** Days after which an invoice is out of date, since prices change. */
const ORDER_DAYS = 7;

/**
 * Whether a payment may go on: for an open order of this person, at its price. Reads a few rows, since Telegram waits 10 s at most.
 * @returns undefined when it may; else why not, in words for the person
 */
export async function acceptCheckout(
  tx: Transaction,
  checkout: Checkout,
  at = new Date(),
): Promise<Record<'ru' | 'en', string> | undefined> {
  const refusal = await refuse(tx, checkout, at);
  return refusal && checkoutWords[refusal];
}

async function refuse(tx: Transaction, checkout: Checkout, at: Date): Promise<CheckoutRefusal | undefined> {
  const { organizationId, botId, isBotOpen, walletId, currency, totalAmount, payload } = checkout;
  const [organization] = await tx
    .select({ suspended: organizations.suspendedAt, erasure: organizations.erasureRequestedAt })
    .from(organizations)
    .where(eq(organizations.id, organizationId));
  if (!isBotOpen || !organization || organization.suspended || organization.erasure) return 'closed';
  const order = await findOrder(tx, botId, payload);
  if (!order) return 'unknown';
  if (walletId === undefined || order.walletId !== walletId) return 'not-yours';
  // A subscription renews itself under the payload of its first payment.
  if (order.state === 'paid' && !order.monthly) return 'paid';
  if (order.state === 'open' && order.createdAt.getTime() < at.getTime() - ORDER_DAYS * 86_400_000) return 'stale';
  if (currency !== 'XTR' || totalAmount !== order.stars) return 'price';
  return undefined;
}
