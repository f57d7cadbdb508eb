import { bigint, date, integer, numeric, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core';
import { tenantPolicies } from '../access.ts';
import { organizations } from '../people/organizations.ts';
import type { UsageAction } from './usage-logs.ts';

/** Sums of `usage_logs` by month (UTC), person, action and model, written in the same transaction as its rows. */
export const usageTotals = pgTable(
  'usage_totals',
  {
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    /** First day of the month. */
    month: date().notNull(),
    userId: uuid(),
    action: text().$type<UsageAction>().notNull(),
    model: text(),
    count: integer().notNull(),
    promptTokens: bigint({ mode: 'number' }).notNull(),
    completionTokens: bigint({ mode: 'number' }).notNull(),
    cachedTokens: bigint({ mode: 'number' }).notNull(),
    cost: numeric({ precision: 20, scale: 8 }).notNull(),
  },
  (table) => [
    unique('usage_totals_key')
      .on(table.organizationId, table.month, table.userId, table.action, table.model)
      .nullsNotDistinct(),
    ...tenantPolicies('usage_totals', table.organizationId),
  ],
);
