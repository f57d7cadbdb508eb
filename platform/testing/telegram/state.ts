import type { Buckets } from './buckets.ts';

export interface Entity {
  type: string;
  offset: number;
  length: number;
  url?: string;
  language?: string;
}

export interface PersonInfo {
  id: number;
  is_bot: boolean;
  first_name: string;
  username?: string;
  language_code?: string;
}

export interface ChatInfo {
  id: number;
  type: 'private' | 'group' | 'supergroup';
  first_name?: string;
  title?: string;
}

export interface InlineButton {
  text: string;
  callback_data?: string;
  url?: string;
  pay?: boolean;
}

export interface Picture {
  file_id: string;
  file_unique_id: string;
  file_size: number;
  width: number;
  height: number;
}

/** A message as the Bot API shows it. */
export interface TelegramMessage {
  message_id: number;
  date: number;
  edit_date?: number;
  chat: ChatInfo;
  from: PersonInfo;
  text?: string;
  entities?: Entity[];
  caption?: string;
  caption_entities?: Entity[];
  photo?: Picture[];
  document?: { file_id: string; file_unique_id: string; file_name: string; file_size: number };
  invoice?: { title: string; description: string; currency: string; total_amount: number };
  successful_payment?: Record<string, unknown>;
  refunded_payment?: Record<string, unknown>;
  migrate_to_chat_id?: number;
  reply_markup?: { inline_keyboard: InlineButton[][] };
}

export interface Person extends PersonInfo {
  stars: number;
  isGone: boolean;
}

/** A chat as one bot sees it; a private one is made when the person writes first. */
export interface BotChat {
  info: ChatInfo;
  messages: TelegramMessage[];
  /** The person has blocked the bot, or the group has removed it. */
  isClosed: boolean;
  movedTo?: number;
  draft?: { id: number; text: string; canStop: boolean; until: number };
  /** What invoices say, by the message that shows them. */
  invoices: Map<number, Invoice>;
}

export interface Invoice {
  title: string;
  payload: string;
  currency: string;
  amount: number;
  subscriptionPeriod?: number;
}

export interface Update {
  update_id: number;
  [type: string]: unknown;
}

export interface PendingUpdate {
  update: Update;
  /** Updates of one line are delivered one after another. */
  line: string;
  /** Its delivery failed a moment ago. */
  isDelayed: boolean;
}

export interface Webhook {
  url: string;
  secret: string;
  maxConnections: number;
  lastError?: { date: number; message: string };
}

export interface StoredFile {
  id: string;
  uniqueId: string;
  kind: 'photo' | 'document';
  name: string;
  bytes: Buffer;
  width: number;
  height: number;
}

export interface StarTransaction {
  id: string;
  amount: number;
  date: number;
  source?: Record<string, unknown>;
  receiver?: Record<string, unknown>;
}

export interface Charge {
  id: string;
  person: Person;
  invoice: Invoice;
  isRefunded: boolean;
  /** Of the first of a subscription, which names it: whether it is renewed no more. */
  isCanceled: boolean;
  /** Of a renewal. */
  first?: Charge;
  /** Until when a subscription is paid. */
  paidUntil?: number;
}

export interface CheckoutQuery {
  deadline: number;
  answer(ok: boolean, error?: string): void;
}

export interface TelegramBot {
  info: PersonInfo & { username: string };
  token: string;
  isRevoked: boolean;
  chats: Map<number, BotChat>;
  files: Map<string, StoredFile>;
  nextMessageId: number;
  nextUpdateId: number;
  pending: PendingUpdate[];
  allowedUpdates: string[] | undefined;
  webhook: Webhook | undefined;
  /** Ends the poll that waits. */
  poll: ((reason: 'update' | 'conflict' | 'webhook' | 'closed') => void) | undefined;
  commands: Map<string, unknown>;
  stars: number;
  transactions: StarTransaction[];
  charges: Map<string, Charge>;
  links: Map<string, Invoice>;
  checkouts: Map<string, CheckoutQuery>;
  /** When callback queries were sent, until they are answered. */
  callbacks: Map<string, { at: number; answer(text: string | undefined): void }>;
}

/** What the real service has and does not tell; tests make it shorter. */
export interface Settings {
  /** Until a callback query is too old. */
  callbackAgeMs: number;
  checkoutMs: number;
  /** Until a webhook that does not answer counts as failed, and then until it is called again. */
  webhookTimeoutMs: number;
  redeliverMs: number;
  draftMs: number;
  /** What tokens of no bot are told: that they are void, or that the service does not answer just now. */
  strangers: 'unauthorized' | 'unavailable';
  /** Sends and edits a second, and at once. */
  chat: { rate: number; burst: number };
  group: { rate: number; burst: number };
  bot: { rate: number; burst: number };
}

export interface Context {
  settings: Settings;
  bots: Map<string, TelegramBot>;
  people: Map<number, Person>;
  buckets: Buckets;
  now(): number;
  nextId(): number;
  /** Queues an update, unless the bot did not ask for its type. */
  emit(bot: TelegramBot, type: string, payload: object, line: string): void;
  /** Tells those who wait that something has changed. */
  changed(): void;
}

export const seconds = (context: Context) => Math.floor(context.now() / 1000);
