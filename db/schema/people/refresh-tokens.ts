import { sql } from 'drizzle-orm';
import { index, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { everyRow, identityRole, platformRole } from '../access.ts';
import { users } from './users.ts';

/**
 * One row a refresh token, only its hash. Tokens that came from one sign-in share a family, which people know as a session;
 * a token that is used again later than the grace allows ends the whole family.
 */
export const refreshTokens = pgTable(
  'refresh_tokens',
  {
    id: uuid().primaryKey().defaultRandom(),
    familyId: uuid().notNull(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    tokenHash: text().notNull().unique(),
    expiresAt: timestamp({ withTimezone: true }).notNull(),
    /** When the person signed in: the same for all of the family. */
    startedAt: timestamp({ withTimezone: true }).notNull().default(sql`now()`),
    /** What the client that got the token called itself. */
    userAgent: text(),
    /** Of that client. */
    address: text(),
    usedAt: timestamp({ withTimezone: true }),
    revokedAt: timestamp({ withTimezone: true }),
    createdAt: timestamp({ withTimezone: true }).notNull().default(sql`now()`),
  },
  (table) => [
    index('refresh_tokens_family').on(table.familyId),
    index('refresh_tokens_user').on(table.userId),
    index('refresh_tokens_expiry').on(table.expiresAt),
    everyRow('refresh_tokens', identityRole),
    everyRow('refresh_tokens', platformRole),
  ],
);
