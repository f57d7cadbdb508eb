import { and, eq, isNotNull } from 'drizzle-orm';
import type { Transaction } from '../../../../db/client.ts';
import { type RenewalState, walletOrders } from '../../../../db/schema/commerce/wallet-orders.ts';
import { findOrder, type Order } from '../orders/create-order.ts';
import { packWords } from '../orders/offers.ts';
import type { StarsClient } from './stars-client.ts';

/** Telegram renews by this period alone: 30 days. */
const PERIOD_SECONDS = 2_592_000;

/** The address where a monthly order is paid: Telegram takes subscriptions by links only. @throws the client's failures */
export function subscriptionLink(client: StarsClient, order: Order, language: 'ru' | 'en'): Promise<string> {
  const words = packWords(order, language);
  return client.call<string>('createInvoiceLink', {
    ...words,
    payload: order.id,
    provider_token: '',
    currency: 'XTR',
    prices: [{ label: words.title, amount: order.stars }],
    subscription_period: PERIOD_SECONDS,
  });
}

/** Writes down what Telegram says of a subscription. It gives or takes nothing: only payments move its end. */
export async function noteSubscription(
  tx: Transaction,
  { botId, payload, state }: { botId: string; payload: string; state: RenewalState },
): Promise<Order | undefined> {
  const order = await findOrder(tx, botId, payload);
  if (!order?.monthly || order.renewal === null) return undefined;
  const [row] = await tx.update(walletOrders).set({ renewal: state }).where(eq(walletOrders.id, order.id)).returning();
  return row;
}

/** Subscriptions of a wallet that were ever paid, with their state and end; for `/balance`. */
export const subscriptionsOf = (tx: Transaction, walletId: string): Promise<Order[]> =>
  tx
    .select()
    .from(walletOrders)
    .where(and(eq(walletOrders.walletId, walletId), isNotNull(walletOrders.renewal)));
