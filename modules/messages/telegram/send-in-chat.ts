import type { Transaction } from '../../../db/client.ts';
import { telegramMessages } from '../../../db/schema/messages/telegram-messages.ts';
import type { Queue } from '../../../platform/capabilities/queue/index.ts';
import type { OutgoingMessage } from './contract.ts';
import { chatKey, sendJob } from './jobs.ts';

/** Someone waits for these; letters and what is sent to many go behind them. */
const AWAITED = /^(update|image):/;
const AWAITED_PRIORITY = 10;

/**
 * Stores a message in the caller's transaction; the worker `sending` sends it after the commit, in the order in which messages of
 * its chat were stored. The same occasion and step of a bot is stored once, whatever it holds the second time.
 */
export async function sendInChat(tx: Transaction, queue: Queue, message: OutgoingMessage): Promise<void> {
  const { organizationId, botId, chatId, occasion, action } = message;
  const [stored] = await tx
    .insert(telegramMessages)
    .values({ ...message, kind: action.kind })
    .onConflictDoNothing({ target: [telegramMessages.botId, telegramMessages.occasion, telegramMessages.step] })
    .returning({ id: telegramMessages.id });
  if (!stored) return;
  const priority = AWAITED.test(occasion) ? AWAITED_PRIORITY : 0;
  const singleton = chatKey(botId, chatId);
  await queue.send(tx, sendJob, { organizationId, botId, chatId }, { singleton, priority });
}
