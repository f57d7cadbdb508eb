import type { Database, Transaction } from '../../../../db/client.ts';
import type { Queue } from '../../../../platform/capabilities/queue/index.ts';
import type { FileStorage } from '../../../../platform/capabilities/storage/index.ts';
import type { TelegramClient } from '../client/telegram-client.ts';
import type { Outage } from './outage.ts';
import type { Pace } from './pace.ts';

export interface BotId {
  organizationId: string;
  botId: string;
}

export interface Chat extends BotId {
  chatId: string;
}

/** What sending and polling need to know of bots. */
export interface BotAccess {
  /** Undefined when the bot is not there, is stopped, or its token is void. */
  open(bot: BotId): Promise<TelegramClient | undefined>;
  /** Notes that Telegram does not take the bot's token any more. */
  markUnauthorized(tx: Transaction, bot: BotId): Promise<void>;
  /** Notes that the bot cannot write to a chat, or can again. */
  markBlocked(tx: Transaction, chat: Chat, isBlocked: boolean): Promise<void>;
}

export interface SendDeps {
  database: Database;
  queue: Queue;
  storage: FileStorage;
  access: BotAccess;
  pace: Pace;
  outage: Outage;
  /** Chats that this process sends to: the queue may hand over two jobs of one that were added in the same moment. */
  busy: Set<string>;
}
