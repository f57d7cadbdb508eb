import { sql } from 'drizzle-orm';
import { index, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { tenantPolicies } from '../access.ts';
import { organizations } from '../people/organizations.ts';

/** Files that a bot has uploaded: sent again by the id that Telegram gave them, which works for this bot alone. */
export const telegramFiles = pgTable(
  'telegram_files',
  {
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    botId: uuid().notNull(),
    storageKey: text().notNull(),
    kind: text().$type<'photo' | 'document'>().notNull(),
    fileId: text().notNull(),
    createdAt: timestamp({ withTimezone: true, precision: 3 }).notNull().default(sql`now()`),
  },
  (table) => [
    primaryKey({ columns: [table.botId, table.storageKey, table.kind] }),
    index('telegram_files_organization').on(table.organizationId),
    index('telegram_files_age').on(table.createdAt),
    ...tenantPolicies('telegram_files', table.organizationId),
  ],
);
