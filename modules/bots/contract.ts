import type { Transaction } from '../../db/client.ts';
import type { BotPack } from '../../db/units.ts';
import type { Log } from '../../platform/kernel/log.ts';
import type { Language } from '../../platform/kernel/problem.ts';
import type { Keyboard, OutgoingAction, RichText } from '../messages/telegram/contract.ts';

export type SkillName = 'tarot' | 'ask' | 'image';

/** Units of which a bot gives some away and sells more. */
export type BotUnit = 'reading' | 'image';

/** A bot of an organization, without its token. */
export interface Bot {
  id: string;
  organizationId: string;
  /** Who set it up, and answers for what it uses. */
  createdBy: string;
  username: string;
  skills: readonly SkillName[];
  /** IANA name; days of free units begin at its midnight. */
  timeZone: string;
  settings: BotSettings;
}

export interface BotSettings {
  /** Units of each person a day. */
  free: { [Unit in BotUnit]?: number | undefined };
  /** Route of the gateway that readings are written by; the organization's `standard` without it. */
  route?: string | undefined;
  /** Whether cards may lie reversed. */
  reversed: boolean;
  /** Whether a person says once that he or she is 18 or older. */
  adultsOnly: boolean;
  /** Units that a new person and who invited him or her get each. */
  referralBonus: number;
  /** To whom people write about payments. */
  support?: string | undefined;
  /** What it sells, by unit, in place of what all bots sell. */
  packs?: Readonly<Record<string, readonly BotPack[] | undefined>> | undefined;
  /** Address of the terms. */
  terms?: string | undefined;
}

/** A person in a private chat with a bot. */
export interface BotUser {
  id: string;
  botId: string;
  organizationId: string;
  telegramId: string;
  chatId: string;
  language: Language;
  /** Whose units are used. */
  walletId: string;
  /** The account that the person has linked, see `modules/people/identity`. */
  accountId: string | undefined;
  confirmedAdult: boolean;
  /** What skills remember between two messages, by their names; see `Turn.remember`. */
  state: Readonly<Record<string, unknown>>;
}

/** What a person did. */
export type ChatEvent =
  | { type: 'command'; name: string; argument: string }
  | { type: 'text'; text: string }
  /** A button whose data is `<skill>:<action>[:<argument>]`. `messageId` is of the message that it stands under. */
  | { type: 'button'; action: string; argument: string; messageId: number }
  /** The stop button of a text that is being written. */
  | { type: 'stop' };

export interface SkillCommand {
  /** Without the slash. */
  name: string;
  words: Record<Language, string>;
}

/** One update being answered. It may begin again after a crash, with the same `occasion` and `requestId`. */
export interface Turn {
  bot: Bot;
  user: BotUser;
  event: ChatEvent;
  /** `update:<id>`. */
  occasion: string;
  /** Names the reservation of what this update uses; the same each time. */
  requestId: string;
  /** Aborted when the time of this attempt is over. */
  signal: AbortSignal;
  /** Aborted when the person asks to stop what is being written. */
  stopped: AbortSignal;
  log: Log;
  /** Runs in a transaction that sees the bot's organization. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Stores a message to this chat, to be sent after the commit. The same step is stored once. */
  say(tx: Transaction, step: string, action: OutgoingAction): Promise<void>;
  /** Replaces what the skill remembers of this person. */
  remember(tx: Transaction, state: unknown): Promise<void>;
  /**
   * The update is done with: it is not handled again once this transaction commits. Comes in the transaction that stores the outcome;
   * a skill that returns without it is done as well.
   */
  finish(tx: Transaction): Promise<void>;
  /** Shows how far a text has come, at a pace that Telegram bears. Never fails and never waits; the whole text is said afterwards. */
  preview(text: RichText): void;
}

/** One thing that a bot can do. A new skill is one folder. */
export interface Skill {
  name: SkillName;
  /** What a use of it costs; missing where the organization's own limits alone count. */
  unit?: BotUnit;
  /** Shown in the menu and in `/help`. */
  commands: readonly SkillCommand[];
  /** What `/start` and `/help` say of it, and the buttons to begin with. */
  welcome(user: Pick<BotUser, 'language'>, bot: Bot): { text: RichText; keyboard?: Keyboard };
  /**
   * Answers what is meant for it. Texts come to the skill that the person used last, then to the bot's first.
   * @returns false when it is meant for another
   * @throws Problem that the person is told in a friendly way; Postponed to begin again later; anything else is tried again
   */
  handle(turn: Turn): Promise<boolean>;
  /** What the person made with it, the newest first, for `/history`. */
  history?(tx: Transaction, user: BotUser, limit: number): Promise<PastUse[]>;
  /** What it keeps of a person, as plain JSON, for `/export`. */
  export?(tx: Transaction, user: BotUser): Promise<unknown>;
  /** Removes what it keeps of a person, in the transaction that removes the person. */
  erase?(tx: Transaction, user: BotUser): Promise<void>;
}

/** One line of `/history`. */
export interface PastUse {
  at: Date;
  title: string;
  /** Data of a button that shows it again. */
  data?: string;
}
