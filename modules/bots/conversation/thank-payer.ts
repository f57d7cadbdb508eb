import { and, eq } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { botUsers } from '../../../db/schema/bots/bot-users.ts';
import type { Queue } from '../../../platform/capabilities/queue/index.ts';
import { amountOf } from '../../commerce/metering/index.ts';
import { findOrderById } from '../../commerce/wallets/index.ts';
import { plain, sendInChat } from '../../messages/telegram/index.ts';
import { words } from './words.ts';

/** Tells a person once that an order was paid for in roubles. Who was erased since is told nothing. */
export const thankPayer = (
  { database, queue }: { database: Database; queue: Queue },
  { organizationId, orderId }: { organizationId: string; orderId: string },
): Promise<void> =>
  database.tenant(organizationId, async (tx) => {
    const order = await findOrderById(tx, orderId);
    if (!order) return;
    const { botId, walletId, unit, amount } = order;
    const [user] = await tx
      .select({ chatId: botUsers.chatId, language: botUsers.language })
      .from(botUsers)
      .where(and(eq(botUsers.botId, botId), eq(botUsers.walletId, walletId)));
    if (!user) return;
    const { chatId, language } = user;
    const text = plain(words[language].thanksPaid(amountOf(unit, amount)[language]));
    const about = { organizationId, botId, chatId, occasion: `order:${orderId}`, step: 'paid' };
    await sendInChat(tx, queue, { ...about, action: { kind: 'text', text } });
  });
