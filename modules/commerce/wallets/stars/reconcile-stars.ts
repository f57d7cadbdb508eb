import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Transaction } from '../../../../db/client.ts';
import { creditPayment } from './credit-payment.ts';
import { takeRefund } from './refund.ts';
import type { StarsClient } from './stars-client.ts';

const partner = z
  .object({
    type: z.string(),
    transaction_type: z.string().optional(),
    user: z.object({ id: z.number() }).loose().optional(),
    invoice_payload: z.string().optional(),
    subscription_period: z.number().optional(),
  })
  .loose();

/** Of a `StarTransaction`, what is looked at. A refund has the id of what it pays back. */
const transactionList = z
  .object({
    transactions: z.array(
      z
        .object({
          id: z.string(),
          amount: z.number(),
          date: z.number(),
          source: partner.optional(),
          receiver: partner.optional(),
        })
        .loose(),
    ),
  })
  .loose();

const PAGE = 100;
/** So many of the newest that are known are looked at again. */
const OVERLAP = 1000;

export interface ReconcileDeps {
  client: StarsClient;
  bot: { id: string; organizationId: string };
  /** Runs in a transaction of the bot's organization. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** The wallet of somebody whom the bot knows. */
  walletOf(tx: Transaction, telegramId: string): Promise<string | undefined>;
}

export interface Reconciled {
  seen: number;
  credited: number;
  mismatches: number;
  refunded: number;
}

/**
 * Compares what Telegram says that a bot got and paid back with what is written down, and makes up for what is missing, by the same ways
 * as the updates that were lost. Doing it again changes nothing.
 */
export async function reconcileStars(deps: ReconcileDeps): Promise<Reconciled> {
  const { client, bot, transaction } = deps;
  const done: Reconciled = { seen: 0, credited: 0, mismatches: 0, refunded: 0 };
  const [known] = await transaction((tx) =>
    tx.execute<{ n: string }>(sql`select count(*) as n from telegram_payments where bot_id = ${bot.id}`),
  );
  let offset = Math.max(Number(known?.n) - OVERLAP, 0);
  while (true) {
    const page = transactionList.parse(await client.call('getStarTransactions', { offset, limit: PAGE }));
    for (const one of page.transactions) {
      done.seen++;
      if (one.source?.type === 'user' && one.source.user) {
        const { user, invoice_payload: payload = '', subscription_period: period, transaction_type: type } = one.source;
        if (type !== undefined && type !== 'invoice_payment') continue;
        const telegramId = String(user.id);
        const paidAt = new Date(one.date * 1000);
        const { outcome } = await transaction(async (tx) =>
          creditPayment(tx, {
            ...{ organizationId: bot.organizationId, botId: bot.id, walletId: await deps.walletOf(tx, telegramId) },
            ...{ telegramId, currency: 'XTR', totalAmount: one.amount, payload, chargeId: one.id, paidAt },
            ...(period !== undefined && { subscriptionUntil: new Date(paidAt.getTime() + period * 1000) }),
            ...{ isRecurring: period !== undefined, isReconciled: true },
          }),
        );
        if (outcome === 'credited') done.credited++;
        if (outcome === 'mismatch') done.mismatches++;
      } else if (one.receiver?.type === 'user') {
        const charge = { botId: bot.id, chargeId: one.id };
        if (await transaction((tx) => takeRefund(tx, charge, new Date(one.date * 1000)))) done.refunded++;
      }
    }
    if (page.transactions.length < PAGE) return done;
    offset += PAGE;
  }
}
