import { index, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { tenantPolicies } from '../access.ts';
import { organizations } from '../people/organizations.ts';

/** What Telegram said of chats while something was sent to them; a chat of which it said nothing has no row. */
export const telegramChats = pgTable(
  'telegram_chats',
  {
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    botId: uuid().notNull(),
    chatId: text().notNull(),
    /** Since when the bot is blocked there. */
    blockedAt: timestamp({ withTimezone: true, precision: 3 }),
    /** The chat that it became. */
    movedTo: text(),
  },
  (table) => [
    primaryKey({ columns: [table.botId, table.chatId] }),
    index('telegram_chats_organization').on(table.organizationId),
    ...tenantPolicies('telegram_chats', table.organizationId),
  ],
);
