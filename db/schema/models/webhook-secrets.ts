import { sql } from 'drizzle-orm';
import { pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { tenantPolicies } from '../access.ts';
import { organizations } from '../people/organizations.ts';

/** What callbacks of an organization are signed with; the secrets are encrypted. */
export const webhookSecrets = pgTable(
  'webhook_secrets',
  {
    organizationId: uuid()
      .primaryKey()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    sealed: text().notNull(),
    /** The one before it, which is signed with as well until then. */
    previous: text(),
    previousUntil: timestamp({ withTimezone: true, precision: 3 }),
    /** When people were shown it, which happens once. */
    shownAt: timestamp({ withTimezone: true, precision: 3 }),
    createdAt: timestamp({ withTimezone: true, precision: 3 }).notNull().default(sql`now()`),
  },
  (table) => [...tenantPolicies('webhook_secrets', table.organizationId)],
);
