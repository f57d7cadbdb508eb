import { and, eq, isNotNull, ne } from 'drizzle-orm';
import type { Transaction } from '../../../../db/client.ts';
import { telegramPayments } from '../../../../db/schema/commerce/telegram-payments.ts';
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

interface RenewalDeps {
  client(): Promise<StarsClient>;
  /** Runs in a transaction of the bot's organization. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  signal: AbortSignal;
}

/** Asked at the same time. */
const AT_ONCE = 10;
/** Telegram has no such subscription, or can be told nothing any more. */
const OVER = new Set<unknown>(['bad-request', 'blocked', 'unauthorized']);

/**
 * Has Telegram renew no subscription of a bot, or of one of its wallets, any more: no one pays for what is not there. Those that were ended
 * are written down, so that it continues from there when it is done again. Telegram is not opened where there is none.
 * @throws the client's failures when Telegram does not answer, and the signal's reason
 */
export async function endRenewals(
  { client, transaction, signal }: RenewalDeps,
  { botId, walletId }: { botId: string; walletId?: string },
): Promise<void> {
  const ofWallet = walletId === undefined ? undefined : eq(walletOrders.walletId, walletId);
  const renewed = and(eq(walletOrders.botId, botId), ofWallet, ne(walletOrders.renewal, 'canceled'));
  const rows = await transaction((tx) => tx.select({ id: walletOrders.id }).from(walletOrders).where(renewed));
  while (rows.length > 0) {
    signal.throwIfAborted();
    const telegram = await client();
    await Promise.all(rows.splice(0, AT_ONCE).map((order) => endRenewal(telegram, transaction, order)));
  }
}

async function endRenewal(client: StarsClient, transaction: RenewalDeps['transaction'], { id }: Pick<Order, 'id'>) {
  const charges = await transaction((tx) => tx.select().from(telegramPayments).where(eq(telegramPayments.orderId, id)));
  for (const { telegramId, chargeId } of charges) {
    if (telegramId === null) continue;
    // A subscription is named by its first charge; renewals name none.
    await client
      .call('editUserStarSubscription', {
        ...{ user_id: Number(telegramId), telegram_payment_charge_id: chargeId, is_canceled: true },
      })
      .catch((error: { failure?: { reason?: unknown } }) => {
        if (!OVER.has(error.failure?.reason)) throw error;
      });
  }
  await transaction((tx) => tx.update(walletOrders).set({ renewal: 'canceled' }).where(eq(walletOrders.id, id)));
}
