import type { Transaction } from '../../../db/client.ts';
import type { BotDelivery, BotState } from '../../../db/schema/bots/bots.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';
import type { BotSettings, SkillName } from '../contract.ts';

/** What an administrator says of a bot. */
export interface AskedBot {
  token: string;
  skills: readonly SkillName[];
  timeZone: string;
  settings: object;
}

export type BotChanges = { [Name in keyof AskedBot]?: AskedBot[Name] | undefined } & {
  isStopped?: boolean | undefined;
};

/** A bot as its organization sees it; its token is shown to no one. */
export interface ShownBot {
  id: string;
  username: string;
  name: string;
  skills: SkillName[];
  timeZone: string;
  settings: BotSettings;
  state: BotState;
  delivery: BotDelivery;
  createdAt: string;
}

/** Where a page ended, see `readCursor`. */
interface Position {
  at: string;
  id: string;
}

export interface ShownUser {
  id: string;
  language: 'ru' | 'en';
  isBlocked: boolean;
  createdAt: string;
  seenAt: string;
}

/** What Telegram says of how a bot gets its updates. */
export interface BotCheck {
  username: string;
  delivery: BotDelivery;
  webhook: { isSet: boolean; isOurs: boolean; pending: number; lastError: string | null; lastErrorAt: string | null };
}

/** Bots of organizations, as their administrators see them. */
export interface Bots {
  /** @throws Problem bot-token-refused, bot-taken, telegram-unavailable, invalid-request */
  create(caller: Caller, asked: AskedBot, keep: (tx: Transaction, bot: ShownBot) => Promise<void>): Promise<ShownBot>;
  /** The newest first. */
  list(organizationId: string): Promise<ShownBot[]>;
  /** @throws Problem not-found */
  read(organizationId: string, id: string): Promise<ShownBot>;
  /** @throws Problem not-found, bot-token-refused, other-bot, telegram-unavailable, invalid-request */
  change(caller: Caller, id: string, changes: BotChanges): Promise<ShownBot>;
  /** Removes it with its people and what they wrote; Telegram is told to send nothing any more. @throws Problem not-found */
  remove(caller: Caller, id: string): Promise<void>;
  /** The newest first. @throws Problem not-found */
  users(
    organizationId: string,
    id: string,
    page: { before?: Position | undefined; limit: number },
  ): Promise<{ items: ShownUser[]; more: boolean }>;
  /** @throws Problem not-found, bot-token-refused, telegram-unavailable */
  check(organizationId: string, id: string): Promise<BotCheck>;
  /** Has Telegram send updates here, or hold them for polling. @throws Problem not-found, telegram-refused, telegram-unavailable */
  setDelivery(organizationId: string, id: string, delivery: BotDelivery): Promise<ShownBot>;
}
