import { index, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { everyRow, identityRole, platformRole } from '../access.ts';

/**
 * Wrong passwords, by digests of the address they were tried for, whether an account has it or not, of the client that tried
 * them, and of both (`accounts/sign-in-attempts.ts`).
 */
export const signInFailures = pgTable(
  'sign_in_failures',
  {
    /** The column's name is from when it held an address only. */
    key: text('email_hash').primaryKey(),
    /** Of the address; NULL in the count of a client, whatever the address. */
    accountHash: text(),
    failures: integer().notNull(),
    lockedUntil: timestamp({ withTimezone: true }),
    lastAt: timestamp({ withTimezone: true }).notNull(),
  },
  (table) => [
    index('sign_in_failures_age').on(table.lastAt),
    index('sign_in_failures_account').on(table.accountHash),
    everyRow('sign_in_failures', identityRole),
    everyRow('sign_in_failures', platformRole),
  ],
);
