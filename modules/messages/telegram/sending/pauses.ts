import { and, eq, gt, inArray, ne, sql } from 'drizzle-orm';
import type { Transaction } from '../../../../db/client.ts';
import { telegramPauses } from '../../../../db/schema/messages/telegram-pauses.ts';
import type { Chat } from './contract.ts';

/** In place of a chat: the pause is the whole bot's. */
const WHOLE_BOT = '';
/** So many chats at once tell that the bot is meant. */
const SEVERAL = 3;

/** Until when nothing may be sent to a chat. */
export async function pausedUntil(tx: Transaction, { botId, chatId }: Chat): Promise<Date | undefined> {
  const [row] = await tx
    .select({ until: sql<string | null>`max(${telegramPauses.until})` })
    .from(telegramPauses)
    .where(
      and(
        eq(telegramPauses.botId, botId),
        inArray(telegramPauses.chatId, [chatId, WHOLE_BOT]),
        gt(telegramPauses.until, sql`now()`),
      ),
    );
  return row?.until ? new Date(row.until) : undefined;
}

/** Until when a whole bot may send nothing. */
export const botPausedUntil = (tx: Transaction, bot: Omit<Chat, 'chatId'>): Promise<Date | undefined> =>
  pausedUntil(tx, { ...bot, chatId: WHOLE_BOT });

/**
 * Notes that Telegram asked for a pause in a chat; where several chats of a bot got one, all of it pauses.
 * @returns until when
 */
export async function pauseChat(tx: Transaction, chat: Chat, seconds: number): Promise<Date> {
  const { botId, chatId } = chat;
  const until = new Date(Date.now() + seconds * 1000);
  await pause(tx, chat, until);
  const others = and(
    eq(telegramPauses.botId, botId),
    ne(telegramPauses.chatId, WHOLE_BOT),
    ne(telegramPauses.chatId, chatId),
    gt(telegramPauses.until, sql`now()`),
  );
  if ((await tx.$count(telegramPauses, others)) >= SEVERAL - 1) await pause(tx, { ...chat, chatId: WHOLE_BOT }, until);
  return until;
}

async function pause(tx: Transaction, chat: Chat, until: Date): Promise<void> {
  await tx
    .insert(telegramPauses)
    .values({ ...chat, until })
    .onConflictDoUpdate({
      target: [telegramPauses.botId, telegramPauses.chatId],
      set: { until: sql`greatest(${telegramPauses.until}, excluded.until)` },
    });
}
