import type { Database, Transaction } from '../../../db/client.ts';
import { botUpdates } from '../../../db/schema/bots/bot-updates.ts';
import { announce } from '../../../platform/capabilities/feed/index.ts';
import type { Queue } from '../../../platform/capabilities/queue/index.ts';
import { chatJob } from '../jobs.ts';
import { answerCheckout } from './answer-checkout.ts';
import type { AwaitedCall } from './contract.ts';
import { stopKey, stopTopic } from './listen-for-stop.ts';
import { chatOf, readUpdate, type Update } from './read-update.ts';

export interface AcceptDeps {
  database: Database;
  queue: Queue;
}

/**
 * Stores an update and sends the job of its chat, in one transaction; one that is delivered again does nothing. What is no update, or of
 * no kind that is known, is dropped.
 * @returns what Telegram waits for, each time the update comes
 */
export async function acceptUpdate(
  { database, queue }: AcceptDeps,
  bot: { id: string; organizationId: string },
  body: unknown,
): Promise<AwaitedCall | undefined> {
  const update = readUpdate(body);
  if (!update) return undefined;
  return database.tenant(bot.organizationId, (tx) => storeUpdate(tx, queue, bot, update));
}

/** The same in the caller's transaction, which sees the organization: polling stores what it got together with where it continues. */
export async function storeUpdate(
  tx: Transaction,
  queue: Queue,
  bot: { id: string; organizationId: string },
  update: Update,
): Promise<AwaitedCall | undefined> {
  if (update.pre_checkout_query) return answerCheckout(tx, bot, update.pre_checkout_query);
  const chatId = chatOf(update);
  if (chatId === undefined) return undefined;
  const { id: botId, organizationId } = bot;
  const { update_id: updateId, ...payload } = update;
  const stored = await tx
    .insert(botUpdates)
    .values({ organizationId, botId, updateId, chatId, payload })
    .onConflictDoNothing()
    .returning({ updateId: botUpdates.updateId });
  if (update.stopped_message_generation) await announce(tx, stopTopic, stopKey(botId, chatId));
  if (stored.length > 0) {
    const chat = { organizationId, botId, chatId };
    await queue.send(tx, chatJob, chat, { singleton: `${botId}:${chatId}` });
  }
  const { callback_query: pressed } = update;
  // Until then the button looks busy. Telegram takes the first answer and refuses others.
  return pressed && { method: 'answerCallbackQuery', params: { callback_query_id: pressed.id } };
}
