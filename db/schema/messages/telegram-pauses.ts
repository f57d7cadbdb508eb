import { index, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { tenantPolicies } from '../access.ts';
import { organizations } from '../people/organizations.ts';

/** Until when nothing is sent to a chat, or by a bot, since Telegram asked for a pause. */
export const telegramPauses = pgTable(
  'telegram_pauses',
  {
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    botId: uuid().notNull(),
    /** Empty for the whole bot. */
    chatId: text().notNull(),
    until: timestamp({ withTimezone: true, precision: 3 }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.botId, table.chatId] }),
    index('telegram_pauses_organization').on(table.organizationId),
    index('telegram_pauses_until').on(table.until),
    ...tenantPolicies('telegram_pauses', table.organizationId),
  ],
);
