import { sql } from 'drizzle-orm';
import { index, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { everyRow, identityRole, platformRole } from '../access.ts';
import { users } from './users.ts';

/** Tokens that were sent to a person's address, to confirm it or to choose a new password; only their hashes. */
export const emailTokens = pgTable(
  'email_tokens',
  {
    id: uuid().primaryKey().defaultRandom(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    purpose: text().$type<'confirm-email' | 'reset-password'>().notNull(),
    tokenHash: text().notNull().unique(),
    expiresAt: timestamp({ withTimezone: true }).notNull(),
    usedAt: timestamp({ withTimezone: true }),
    createdAt: timestamp({ withTimezone: true }).notNull().default(sql`now()`),
  },
  (table) => [
    index('email_tokens_user').on(table.userId, table.purpose),
    index('email_tokens_expiry').on(table.expiresAt),
    everyRow('email_tokens', identityRole),
    everyRow('email_tokens', platformRole),
  ],
);
