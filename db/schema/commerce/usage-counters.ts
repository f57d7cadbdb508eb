import { bigint, date, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { tenantPolicies } from '../access.ts';
import { organizations } from '../people/organizations.ts';

/**
 * Units that an owner used in a day and in a month, reserved ones among them; `start` is the first day of the period. Those of an
 * organization are in UTC, those of a wallet in its time zone.
 */
export const usageCounters = pgTable(
  'usage_counters',
  {
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    /** The organization's own id, or that of one of its wallets. */
    ownerId: uuid().notNull(),
    unit: text().notNull(),
    period: text().$type<'day' | 'month'>().notNull(),
    start: date().notNull(),
    used: bigint({ mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organizationId, table.ownerId, table.unit, table.period, table.start] }),
    ...tenantPolicies('usage_counters', table.organizationId),
  ],
);
