import { and, eq, isNull, type SQL, sql } from 'drizzle-orm';
import type { Transaction } from '../../../../db/client.ts';
import { telegramMessages } from '../../../../db/schema/messages/telegram-messages.ts';
import type { Queue } from '../../../../platform/capabilities/queue/index.ts';
import { chatKey, sendJob } from '../jobs.ts';
import type { BotId } from './contract.ts';

/** Chats that are woken at once. */
const MOST_CHATS = 500;
/** After so long a job has had its turn. */
const IDLE_SECONDS = 120;

/** Sends what has waited since a bot's token was void. */
export const resumeSending = (tx: Transaction, queue: Queue, { botId }: BotId): Promise<void> =>
  wake(tx, queue, eq(telegramMessages.botId, botId));

/** Sends jobs for chats whose job was lost, such as one that failed for good. */
export const wakeChats = (tx: Transaction, queue: Queue): Promise<void> =>
  wake(tx, queue, sql`${telegramMessages.createdAt} < now() - make_interval(secs => ${IDLE_SECONDS})`);

async function wake(tx: Transaction, queue: Queue, which: SQL): Promise<void> {
  const { organizationId, botId, chatId } = telegramMessages;
  const chats = await tx
    .selectDistinct({ organizationId, botId, chatId })
    .from(telegramMessages)
    .where(and(isNull(telegramMessages.closedAt), which))
    .limit(MOST_CHATS);
  for (const chat of chats) {
    await queue.send(tx, sendJob, chat, { singleton: chatKey(chat.botId, chat.chatId) });
  }
}
