import { bigint, date, numeric, pgTable, primaryKey, uuid } from 'drizzle-orm/pg-core';
import { sameOrganization, tenantPolicies } from '../access.ts';
import { budgets } from './budgets.ts';

/** What was spent of a budget in a window, and what calls in progress hold of it. */
export const budgetCounters = pgTable(
  'budget_counters',
  {
    organizationId: uuid().notNull(),
    budgetId: uuid().notNull(),
    /** First day of the window, in UTC; 1970-01-01 for one that never resets. */
    start: date().notNull(),
    /** Roubles, as is `heldCost`. */
    spentCost: numeric({ precision: 20, scale: 8 }).notNull().default('0'),
    heldCost: numeric({ precision: 20, scale: 8 }).notNull().default('0'),
    spentTokens: bigint({ mode: 'number' }).notNull().default(0),
    heldTokens: bigint({ mode: 'number' }).notNull().default(0),
  },
  (table) => [
    primaryKey({ columns: [table.budgetId, table.start] }),
    sameOrganization('budget_counters_owner', [table.budgetId, table.organizationId], budgets),
    ...tenantPolicies('budget_counters', table.organizationId),
  ],
);
