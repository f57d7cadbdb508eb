import { and, eq, isNotNull } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { botUpdates } from '../../../db/schema/bots/bot-updates.ts';
import { botUsers } from '../../../db/schema/bots/bot-users.ts';
import { unlinkSender } from '../../people/linked/index.ts';
import type { BotUser } from '../contract.ts';

/** Removes a person from a bot, with what the numbers of earlier updates say of the chat. The wallet's entries are bookkeeping. */
export async function eraseUser(tx: Transaction, { id, botId, chatId, telegramId }: BotUser): Promise<void> {
  await unlinkSender(tx, { botId, subject: telegramId });
  await tx.delete(botUsers).where(eq(botUsers.id, id));
  await tx
    .update(botUpdates)
    .set({ chatId: '' })
    .where(and(eq(botUpdates.botId, botId), eq(botUpdates.chatId, chatId), isNotNull(botUpdates.handledAt)));
}
