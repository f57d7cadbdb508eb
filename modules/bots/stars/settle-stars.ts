import { and, eq } from 'drizzle-orm';
import type { Database, Transaction } from '../../../db/client.ts';
import { botUsers } from '../../../db/schema/bots/bot-users.ts';
import type { Log } from '../../../platform/kernel/log.ts';
import { pendingRefunds, type Reconciled, reconcileStars, refundPayment } from '../../commerce/wallets/index.ts';
import type { Telegram } from '../../messages/telegram/index.ts';
import type { BotSeal } from '../records/bot-seal.ts';
import { findBotRow } from '../records/find-bot.ts';

interface StarsDeps {
  database: Database;
  seal: BotSeal;
  telegram: Telegram;
}

/**
 * Compares the Stars of a bot with Telegram's own list, credits what no update told of, and pays back what fitted no order. Doing it again
 * changes nothing.
 * @returns undefined for a bot that is gone
 * @throws the client's failures, after which it is tried again
 */
export async function settleStars(
  { database, seal, telegram }: StarsDeps,
  { organizationId, botId }: { organizationId: string; botId: string },
  log: Log,
): Promise<(Reconciled & { paidBack: number }) | undefined> {
  const transaction = <T>(work: (tx: Transaction) => Promise<T>) => database.tenant(organizationId, work);
  const row = await transaction((tx) => findBotRow(tx, botId));
  if (!row || row.state === 'unauthorized') return undefined;
  const client = telegram(await seal.open({ organizationId, botId, kind: 'token' }, row.tokenSealed));
  const bot = { id: botId, organizationId };
  const reconciled = await reconcileStars({ client, bot, transaction, walletOf: (tx, id) => walletOf(tx, botId, id) });
  let paidBack = 0;
  for (const charge of await transaction((tx) => pendingRefunds(tx, botId))) {
    const outcome = await refundPayment({ client, transaction }, charge);
    if (outcome === 'refunded') paidBack++;
    else log.error({ botId, outcome }, 'A payment in Stars is to be paid back and cannot be: pandect wallets check');
  }
  return { ...reconciled, paidBack };
}

async function walletOf(tx: Transaction, botId: string, telegramId: string): Promise<string | undefined> {
  const [user] = await tx
    .select({ walletId: botUsers.walletId })
    .from(botUsers)
    .where(and(eq(botUsers.botId, botId), eq(botUsers.telegramId, telegramId)));
  return user?.walletId;
}
