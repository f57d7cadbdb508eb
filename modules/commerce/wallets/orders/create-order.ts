import { and, eq } from 'drizzle-orm';
import type { Transaction } from '../../../../db/client.ts';
import { walletOrders } from '../../../../db/schema/commerce/wallet-orders.ts';
import { Problem } from '../../../../platform/kernel/problem.ts';
import { notFound } from '../../../../platform/kernel/problems.ts';
import { offers, type SellingBot } from './offers.ts';

/** Its id is the payload of the invoice. */
export type Order = typeof walletOrders.$inferSelect;

/**
 * An order of a pack at its price of now.
 * @param attempt names the wish, such as a message and its button: asking again gives the same order, paid or not
 * @throws Problem not-found for a pack that the bot does not sell
 */
export async function createOrder(
  tx: Transaction,
  { bot, walletId, packId, attempt }: { bot: SellingBot; walletId: string; packId: string; attempt: string },
): Promise<Order> {
  const standing = await tx
    .select()
    .from(walletOrders)
    .where(and(eq(walletOrders.walletId, walletId), eq(walletOrders.attempt, attempt)));
  if (standing[0]) return standing[0];
  const pack = offers(bot).find(({ id }) => id === packId);
  if (!pack) throw new Problem(notFound);
  const { unit, amount, stars, price = null, monthly = false } = pack;
  const row = { organizationId: bot.organizationId, botId: bot.id, walletId, attempt, unit, amount, stars, monthly };
  const [made] = await tx
    .insert(walletOrders)
    .values({ ...row, price: monthly ? null : price })
    .onConflictDoNothing()
    .returning();
  // Somebody else was faster with the same wish.
  return made ?? createOrder(tx, { bot, walletId, packId, attempt });
}

/** The order that a payload names; undefined when it names none of this bot. */
export async function findOrder(tx: Transaction, botId: string, payload: string): Promise<Order | undefined> {
  if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(payload)) return undefined;
  const [order] = await tx
    .select()
    .from(walletOrders)
    .where(and(eq(walletOrders.id, payload), eq(walletOrders.botId, botId)));
  return order;
}

/** In a transaction that sees its organization. */
export async function findOrderById(tx: Transaction, id: string): Promise<Order | undefined> {
  const [order] = await tx.select().from(walletOrders).where(eq(walletOrders.id, id));
  return order;
}

export async function markPaid(tx: Transaction, order: Pick<Order, 'id'>, at: Date): Promise<void> {
  await tx
    .update(walletOrders)
    .set({ state: 'paid', paidAt: at })
    .where(and(eq(walletOrders.id, order.id), eq(walletOrders.state, 'open')));
}
