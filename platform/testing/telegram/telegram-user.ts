import type { Paid } from './pay.ts';
import type { TelegramMessage } from './state.ts';

/** A person at a phone, in the private chat with one bot unless a group is given. */
export interface TelegramUser {
  readonly id: number;
  readonly name: string;
  stars: number;
  /** @returns the id of the message */
  send(text: string): number;
  sendPhoto(bytes: Buffer, caption?: string): number;
  /**
   * Presses a button by its text or its data, of the newest message that has it. A button that pays pays.
   * @returns when the bot has answered the query, with what it shows
   */
  press(button: string, messageId?: number): Promise<string | undefined>;
  /** Pays the invoice of a message, of a link, or the newest there is. */
  pay(invoice?: number | string): Promise<Paid>;
  /** Telegram charges a subscription for the next month. @returns undefined when it was cancelled or the Stars are not there */
  renew(chargeId: string): string | undefined;
  cancelSubscription(chargeId: string, state?: 'canceled' | 'active'): void;
  /** Presses the stop button of the draft. */
  stop(): void;
  block(): void;
  unblock(): void;
  /** Removes a message for both. */
  remove(messageId: number): void;
  /** Deletes the account. */
  leave(): void;
  /** What stands in the chat, the oldest first; of the bot alone unless asked. */
  messages(of?: 'bot' | 'all'): TelegramMessage[];
  /** The text being written, while it is shown. */
  draft(): string | undefined;
  /** The newest message of the bot that matches, when it is there. @throws after `timeoutMs` (10 s) */
  waitFor(
    match: string | RegExp | ((message: TelegramMessage) => boolean),
    options?: { timeoutMs?: number; after?: number },
  ): Promise<TelegramMessage>;
}
