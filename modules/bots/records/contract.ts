import type { Transaction } from '../../../db/client.ts';
import type { Position } from '../../../db/newest-first.ts';
import type { BotDelivery, BotState } from '../../../db/schema/bots/bots.ts';
import type { PollProblem } from '../../../db/schema/messages/telegram-polls.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';
import type { BotSettings, SkillName } from '../contract.ts';

/** Who sets a bot up: a member, or the operator where there is no `userId`. */
export type BotMaker = Pick<Caller, 'organizationId'> & { userId?: string };

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

export interface ShownUser {
  id: string;
  language: 'ru' | 'en';
  isBlocked: boolean;
  createdAt: string;
  seenAt: string;
}

/** How a bot stands, here and at Telegram. Times are ISO 8601. */
export interface BotCheck {
  id: string;
  organizationId: string;
  /** As Telegram has them now; what was stored where it does not take the token. */
  username: string;
  name: string;
  state: BotState;
  delivery: BotDelivery;
  /** Whether Telegram takes the token. */
  isAuthorized: boolean;
  /** Milliseconds that the clock here is ahead of Telegram's; 0 within the second that its answers are precise to. */
  clockAheadMs: number | null;
  /** Missing where Telegram does not take the token. */
  webhook: {
    isSet: boolean;
    isOurs: boolean;
    pending: number;
    lastError: string | null;
    lastErrorAt: string | null;
  } | null;
  /** Missing for a bot that was never polled. */
  polling: { problem: PollProblem | null; polledAt: string | null } | null;
  /** Telegram asked the whole bot to send nothing until then. */
  pausedUntil: string | null;
  /** What keeps it from working, in words for an operator. */
  troubles: string[];
}

/** Bots of organizations, as their administrators see them. */
export interface Bots {
  /** @throws Problem bot-token-refused, bot-taken, telegram-unavailable, invalid-request */
  create(maker: BotMaker, asked: AskedBot, keep: (tx: Transaction, bot: ShownBot) => Promise<void>): Promise<ShownBot>;
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
    page: { after?: Position | undefined; limit: number },
  ): Promise<{ items: ShownUser[]; more: boolean }>;
  /** @throws Problem not-found, telegram-refused, telegram-unavailable */
  check(organizationId: string, id: string): Promise<BotCheck>;
  /**
   * Has Telegram send updates here, or hold them for polling, as the operator asks; nothing changes where Telegram refuses.
   * @throws Problem not-found, bot-token-refused, telegram-refused, telegram-unavailable
   */
  setDelivery(organizationId: string, id: string, delivery: BotDelivery): Promise<ShownBot>;
}
