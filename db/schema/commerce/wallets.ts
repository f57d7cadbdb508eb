import { sql } from 'drizzle-orm';
import { pgTable, text, timestamp, unique, uuid } from 'drizzle-orm/pg-core';
import { tenantPolicies } from '../access.ts';
import { organizations } from '../people/organizations.ts';

/** Somebody of an organization that has limits and credits of its own, such as an API key or a user of a bot. */
export const wallets = pgTable(
  'wallets',
  {
    id: uuid().primaryKey().defaultRandom(),
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    kind: text().notNull(),
    /** Names it among those of its kind. */
    reference: text().notNull(),
    /** IANA name; its days and months begin at midnight there. */
    timeZone: text().notNull().default('UTC'),
    /** When it moved to that zone from another one. */
    zoneChangedAt: timestamp({ withTimezone: true }),
    createdAt: timestamp({ withTimezone: true }).notNull().default(sql`now()`),
  },
  (table) => [
    unique('wallets_reference').on(table.organizationId, table.kind, table.reference),
    ...tenantPolicies('wallets', table.organizationId),
  ],
);
