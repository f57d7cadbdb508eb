import { sql } from 'drizzle-orm';
import { bigint, index, integer, jsonb, pgTable, text, timestamp, unique, uuid } from 'drizzle-orm/pg-core';
import { tenantPolicies } from '../access.ts';
import { organizations } from '../people/organizations.ts';

/** queued → sending → sent | dropped | failed; back to queued when it certainly was not sent. */
export type TelegramMessageState = 'queued' | 'sending' | 'sent' | 'dropped' | 'failed';

/** What bots are to send, in order of `position` within a chat. */
export const telegramMessages = pgTable(
  'telegram_messages',
  {
    id: uuid().primaryKey().defaultRandom(),
    position: bigint({ mode: 'number' }).generatedByDefaultAsIdentity(),
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    botId: uuid().notNull(),
    chatId: text().notNull(),
    /** What it answers; with `step` it names the message within its bot. */
    occasion: text().notNull(),
    step: text().notNull(),
    kind: text().$type<'text' | 'edit' | 'delete' | 'photo' | 'document' | 'invoice'>().notNull(),
    /** An `OutgoingAction`; forgotten when nothing is left to do. */
    action: jsonb().$type<object>(),
    state: text().$type<TelegramMessageState>().notNull().default('queued'),
    /** Calls that were begun and whose outcome is unknown. */
    uncertain: integer().notNull().default(0),
    /** Of the messages in Telegram that show it, in order. */
    messageIds: bigint({ mode: 'number' }).array().notNull().default(sql`'{}'`),
    /** Why it was not sent. */
    reason: text(),
    createdAt: timestamp({ withTimezone: true, precision: 3 }).notNull().default(sql`now()`),
    closedAt: timestamp({ withTimezone: true, precision: 3 }),
  },
  (table) => [
    unique('telegram_messages_once').on(table.botId, table.occasion, table.step),
    index('telegram_messages_open').on(table.botId, table.chatId, table.position).where(sql`closed_at is null`),
    index('telegram_messages_age').on(table.createdAt),
    index('telegram_messages_organization').on(table.organizationId),
    ...tenantPolicies('telegram_messages', table.organizationId),
  ],
);
