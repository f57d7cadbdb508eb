import { sql } from 'drizzle-orm';
import { bigint, check, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { tenantPolicies } from '../access.ts';
import { organizations } from '../people/organizations.ts';

/** Units that were bought or given on top of limits, less those that were taken. */
export const unitCredits = pgTable(
  'unit_credits',
  {
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    /** The organization's own id, or that of one of its wallets. */
    ownerId: uuid().notNull(),
    unit: text().notNull(),
    expiresAt: timestamp({ withTimezone: true, mode: 'string' }).notNull().default(sql`'infinity'`),
    amount: bigint({ mode: 'number' }).notNull(),
  },
  (table) => [
    check('unit_credits_amount', sql`${table.amount} >= 0`),
    primaryKey({ columns: [table.organizationId, table.ownerId, table.unit, table.expiresAt] }),
    ...tenantPolicies('unit_credits', table.organizationId),
  ],
);
