import { and, eq, isNotNull } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { botUpdates } from '../../../db/schema/bots/bot-updates.ts';
import { botUsers } from '../../../db/schema/bots/bot-users.ts';
import { forgetPayers } from '../../commerce/wallets/index.ts';
import { forgetMessages } from '../../messages/telegram/index.ts';
import { unlinkSender } from '../../people/linked/index.ts';
import type { BotUser } from '../contract.ts';

/**
 * Removes a person from a bot, with what was said in the chat and what the numbers of answered updates tell of it. The wallet's entries
 * are bookkeeping.
 */
export async function eraseUser(tx: Transaction, { id, botId, chatId, telegramId }: BotUser): Promise<void> {
  await unlinkSender(tx, { botId, subject: telegramId });
  await forgetPayers(tx, { botId, telegramId });
  await forgetMessages(tx, botId, chatId);
  await tx.delete(botUsers).where(eq(botUsers.id, id));
  await tx
    .update(botUpdates)
    .set({ chatId: '' })
    .where(and(eq(botUpdates.botId, botId), eq(botUpdates.chatId, chatId), isNotNull(botUpdates.handledAt)));
}
