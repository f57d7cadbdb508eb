import { and, asc, eq, gt, inArray, isNull, type SQL, sql } from 'drizzle-orm';
import type { Transaction } from '../../../../db/client.ts';
import { telegramChats } from '../../../../db/schema/messages/telegram-chats.ts';
import { telegramMessages } from '../../../../db/schema/messages/telegram-messages.ts';
import type { OutgoingAction } from '../contract.ts';
import type { Chat } from './contract.ts';
import type { Target } from './plan-call.ts';

export type MessageRow = Omit<typeof telegramMessages.$inferSelect, 'action'> & { action: OutgoingAction };

export const ofChat = ({ botId, chatId }: Chat): SQL | undefined =>
  and(eq(telegramMessages.botId, botId), eq(telegramMessages.chatId, chatId));
const openOf = (chat: Chat) => and(ofChat(chat), isNull(telegramMessages.closedAt));

/** The message that is next in its chat. */
export async function nextMessage(tx: Transaction, chat: Chat): Promise<MessageRow | undefined> {
  const [row] = await tx
    .select()
    .from(telegramMessages)
    .where(openOf(chat))
    .orderBy(asc(telegramMessages.position))
    .limit(1);
  return row as MessageRow | undefined;
}

/** Whether a later message of the chat changes the same one again, so that this change need not be seen. */
export async function isSuperseded(tx: Transaction, chat: Chat, row: MessageRow): Promise<boolean> {
  if (row.action.kind !== 'edit' || row.messageIds.length > 0) return false;
  const [later] = await tx
    .select({ id: telegramMessages.id })
    .from(telegramMessages)
    .where(
      and(
        openOf(chat),
        gt(telegramMessages.position, row.position),
        eq(telegramMessages.occasion, row.occasion),
        inArray(telegramMessages.kind, ['edit', 'delete']),
        sql`${telegramMessages.action}->>'of' = ${String(row.action.of)}`,
      ),
    )
    .limit(1);
  return later !== undefined;
}

/** What an edit or a removal is of. */
export async function targetOf(tx: Transaction, row: MessageRow): Promise<Target | undefined> {
  const { action, botId, occasion } = row;
  if (action.kind !== 'edit' && action.kind !== 'delete') return undefined;
  if (typeof action.of === 'number') return { messageIds: [action.of], hasCaption: false };
  const [found] = await tx
    .select({ messageIds: telegramMessages.messageIds, kind: telegramMessages.kind })
    .from(telegramMessages)
    .where(namedBy(botId, occasion, action.of));
  return found && { messageIds: found.messageIds, hasCaption: found.kind === 'photo' || found.kind === 'document' };
}

const namedBy = (botId: string, occasion: string, step: string) =>
  and(eq(telegramMessages.botId, botId), eq(telegramMessages.occasion, occasion), eq(telegramMessages.step, step));

/** Writes down what is known of a message that is being sent. */
export async function changeMessage(
  tx: Transaction,
  id: string,
  changes: Partial<Pick<typeof telegramMessages.$inferInsert, 'state' | 'uncertain' | 'messageIds'>>,
): Promise<void> {
  await tx
    .update(telegramMessages)
    .set(changes)
    .where(and(eq(telegramMessages.id, id), isNull(telegramMessages.closedAt)));
}

const closed = (state: 'sent' | 'dropped' | 'failed', reason?: string) => ({
  ...{ state, action: null, uncertain: 0, closedAt: sql`now()` },
  ...(reason !== undefined && { reason }),
});

/** Step of the last word to a person who was erased: nothing is kept of it. */
export const FAREWELL = 'farewell';

/** Nothing is left to do. What changed an earlier message is found where that one is from now on. */
export async function closeMessage(
  tx: Transaction,
  row: MessageRow,
  state: 'sent' | 'dropped' | 'failed',
  reason?: string,
): Promise<void> {
  const isRow = eq(telegramMessages.id, row.id);
  if (row.step === FAREWELL) return void (await tx.delete(telegramMessages).where(isRow));
  await tx.update(telegramMessages).set(closed(state, reason)).where(isRow);
  const { action, botId, occasion, messageIds } = row;
  if (state !== 'sent' || reason !== undefined) return;
  if ((action.kind !== 'edit' && action.kind !== 'delete') || typeof action.of === 'number') return;
  await tx
    .update(telegramMessages)
    .set({ messageIds: action.kind === 'delete' ? [] : messageIds })
    .where(namedBy(botId, occasion, action.of));
}

/** Gives up all that waits for a chat. */
export async function dropMessages(tx: Transaction, chat: Chat, reason: string): Promise<void> {
  await tx.update(telegramMessages).set(closed('dropped', reason)).where(openOf(chat));
}

export async function findChat(tx: Transaction, { botId, chatId }: Chat) {
  const [row] = await tx
    .select()
    .from(telegramChats)
    .where(and(eq(telegramChats.botId, botId), eq(telegramChats.chatId, chatId)));
  return row;
}

export async function noteChat(
  tx: Transaction,
  chat: Chat,
  changes: { blockedAt: SQL | null } | { movedTo: string },
): Promise<void> {
  const target = [telegramChats.botId, telegramChats.chatId];
  await tx
    .insert(telegramChats)
    .values({ ...chat, ...changes })
    .onConflictDoUpdate({ target, set: changes });
}

/** What waits for a chat goes to the one that it became. */
export async function moveMessages(tx: Transaction, chat: Chat, toChatId: string): Promise<void> {
  await tx.update(telegramMessages).set({ chatId: toChatId }).where(openOf(chat));
}

/** Removes what is stored of one chat, or of all of a bot. */
export async function forgetMessages(tx: Transaction, botId: string, chatId?: string): Promise<void> {
  for (const table of [telegramMessages, telegramChats]) {
    const ofChat = chatId === undefined ? undefined : eq(table.chatId, chatId);
    await tx.delete(table).where(and(eq(table.botId, botId), ofChat));
  }
}
