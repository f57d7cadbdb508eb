import type { Database, Transaction } from '../../../db/client.ts';
import type { Feed } from '../../../platform/capabilities/feed/index.ts';
import type { Queue } from '../../../platform/capabilities/queue/index.ts';
import type { RateLimiter } from '../../../platform/capabilities/rates/index.ts';
import type { FileStorage } from '../../../platform/capabilities/storage/index.ts';
import type { OrderLink } from '../../commerce/wallets/index.ts';
import type { Telegram, TelegramClient } from '../../messages/telegram/index.ts';
import type { Bot, Skill, Turn } from '../contract.ts';
import type { BotUserRow } from '../people/open-user.ts';
import type { BotSeal } from '../records/bot-seal.ts';
import type { OpenUpdate } from './open-updates.ts';

export interface ChatDeps {
  database: Database;
  queue: Queue;
  feed: Feed;
  limiter: Pick<RateLimiter, 'check'>;
  seal: BotSeal;
  telegram: Telegram;
  storage: FileStorage;
  /** All that there are; a bot has some of them. */
  skills: readonly Skill[];
  /** Where orders are paid in roubles. */
  orderLink: OrderLink;
  /** Updates of a person a minute. */
  perMinute: number;
}

/** An update of a person in a private chat, as the conversation sees it. */
export interface Talk extends Turn {
  /** The skills of this bot, in its order. */
  skills: readonly Skill[];
  /** Those, too, that this bot does not have now. */
  allSkills: readonly Skill[];
  queue: Queue;
  storage: FileStorage;
  orderLink: OrderLink;
  row: BotUserRow;
  /** The bot at Telegram. */
  client(): Promise<TelegramClient>;
  updateId: number;
  /** What Telegram sent. */
  update: OpenUpdate['update'];
  /** Runs in a transaction that closes the update. */
  conclude(work: (tx: Transaction) => Promise<void>): Promise<void>;
}

/** An update that was begun. */
export interface Begun {
  bot: Bot;
  row: BotUserRow;
  next: OpenUpdate;
  /** Updates that are closed together with it: the same button pressed again and again. */
  closing: readonly number[];
}

/** A call of the Bot API that an update waits for, such as the answer to a button. */
export interface AwaitedCall {
  method: string;
  params: object;
}
