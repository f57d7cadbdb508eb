import { index, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { everyRow, identityRole, platformRole } from './access.ts';

/** Wrong passwords in a row, by a digest of the address they were tried for, whether an account has it or not. */
export const signInFailures = pgTable(
  'sign_in_failures',
  {
    emailHash: text().primaryKey(),
    failures: integer().notNull(),
    lockedUntil: timestamp({ withTimezone: true }),
    lastAt: timestamp({ withTimezone: true }).notNull(),
  },
  (table) => [
    index('sign_in_failures_age').on(table.lastAt),
    everyRow('sign_in_failures', identityRole),
    everyRow('sign_in_failures', platformRole),
  ],
);
