import { index, pgTable, timestamp, uuid } from 'drizzle-orm/pg-core';
import { everyRow, identityRole, platformRole, tenantRole } from '../access.ts';

/** Access tokens of a person, of one session, or of all of an organization, that were issued before `at` are no longer good. */
export const revocations = pgTable(
  'revocations',
  {
    /** The id of a user, a session or an organization. */
    subject: uuid().primaryKey(),
    at: timestamp({ withTimezone: true }).notNull(),
  },
  (table) => [
    index('revocations_at').on(table.at),
    everyRow('revocations', tenantRole),
    everyRow('revocations', identityRole),
    everyRow('revocations', platformRole),
  ],
);
