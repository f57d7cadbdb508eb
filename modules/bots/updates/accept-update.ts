import type { Database, Transaction } from '../../../db/client.ts';
import { botUpdates } from '../../../db/schema/bots/bot-updates.ts';
import { announce } from '../../../platform/capabilities/feed/index.ts';
import type { Queue } from '../../../platform/capabilities/queue/index.ts';
import { coalesce } from '../../../platform/kernel/calls/coalesce.ts';
import { chatJob } from '../jobs.ts';
import { answerCheckout } from './answer-checkout.ts';
import type { AwaitedCall } from './contract.ts';
import { stopKey, stopTopic } from './listen-for-stop.ts';
import { chatOf, readUpdate, type Update } from './read-update.ts';

export interface AcceptDeps {
  database: Database;
  queue: Queue;
}

interface BotRef {
  id: string;
  organizationId: string;
}

/** Updates of one organization that are stored together at most. */
const TOGETHER = 128;

/**
 * Stores an update and sends the job of its chat, in one transaction; one that is delivered again does nothing. What is no update, or of
 * no kind that is known, is dropped. Updates of an organization that come while others are being stored go together.
 * @returns what Telegram waits for, each time the update comes
 */
export type AcceptUpdate = (bot: BotRef, body: unknown) => Promise<AwaitedCall | undefined>;

export function createAcceptUpdate({ database, queue }: AcceptDeps): AcceptUpdate {
  const together = coalesce(async (organizationId: string, items: { bot: BotRef; update: Update }[]) => {
    await database.tenant(organizationId, (tx) => storeUpdates(tx, queue, items));
    return items.map(({ update }) => answerOf(update));
  }, TOGETHER);
  return async (bot, body) => {
    const update = readUpdate(body);
    if (!update) return undefined;
    const { pre_checkout_query: checkout } = update;
    // Telegram waits ten seconds for this one, so it stands behind no others.
    if (checkout) return database.tenant(bot.organizationId, (tx) => answerCheckout(tx, bot, checkout));
    return together(bot.organizationId, { bot, update });
  };
}

/** The same in the caller's transaction, which sees the organization: polling stores what it got together with where it continues. */
export async function storeUpdate(
  tx: Transaction,
  queue: Queue,
  bot: BotRef,
  update: Update,
): Promise<AwaitedCall | undefined> {
  if (update.pre_checkout_query) return answerCheckout(tx, bot, update.pre_checkout_query);
  await storeUpdates(tx, queue, [{ bot, update }]);
  return answerOf(update);
}

/** Until then the button looks busy. Telegram takes the first answer and refuses others. */
const answerOf = ({ callback_query: pressed }: Update): AwaitedCall | undefined =>
  pressed && { method: 'answerCallbackQuery', params: { callback_query_id: pressed.id } };

async function storeUpdates(
  tx: Transaction,
  queue: Queue,
  items: readonly { bot: BotRef; update: Update }[],
): Promise<void> {
  const rows = items.flatMap(({ bot: { id: botId, organizationId }, update }) => {
    const { update_id: updateId, ...payload } = update;
    const chatId = chatOf(update);
    return chatId === undefined ? [] : [{ organizationId, botId, updateId, chatId, payload }];
  });
  if (rows.length === 0) return;
  const stored = await tx
    .insert(botUpdates)
    .values(rows)
    .onConflictDoNothing()
    .returning({ organizationId: botUpdates.organizationId, botId: botUpdates.botId, chatId: botUpdates.chatId });
  for (const { botId, chatId, payload } of rows) {
    if (payload.stopped_message_generation) await announce(tx, stopTopic, stopKey(botId, chatId));
  }
  const chats = new Map(stored.map((chat) => [`${chat.botId}:${chat.chatId}`, chat]));
  await queue.sendEach(
    tx,
    chatJob,
    [...chats].map(([singleton, chat]) => ({ payload: { kind: 'chat', ...chat }, singleton })),
  );
}
