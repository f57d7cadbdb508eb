import { sql } from 'drizzle-orm';
import { bigint, boolean, check, numeric, pgTable, text, timestamp, unique, uuid } from 'drizzle-orm/pg-core';
import { tenantPolicies } from '../access.ts';
import { organizations } from '../people/organizations.ts';

/** Whose spending a budget limits: all of the organization, one API key, or one model, by the name of its target. */
export const budgetScopes = ['organization', 'key', 'model'] as const;
export type BudgetScope = (typeof budgetScopes)[number];

/** Days and months in UTC; `total` never resets. */
export const budgetWindows = ['day', 'month', 'total'] as const;
export type BudgetWindow = (typeof budgetWindows)[number];

/** Money or tokens that may be spent in a window. A hard budget refuses what would exceed it, a soft one only notifies. */
export const budgets = pgTable(
  'budgets',
  {
    id: uuid().primaryKey().defaultRandom(),
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    scope: text().$type<BudgetScope>().notNull(),
    /** The key's id or the model's name; NULL for the organization. */
    scopeId: text(),
    window: text().$type<BudgetWindow>().notNull(),
    /** Roubles. */
    limitCost: numeric({ precision: 20, scale: 8 }),
    limitTokens: bigint({ mode: 'number' }),
    hard: boolean().notNull().default(true),
    createdAt: timestamp({ withTimezone: true }).notNull().default(sql`now()`),
  },
  (table) => [
    unique('budgets_owner').on(table.id, table.organizationId),
    unique('budgets_scope').on(table.organizationId, table.scope, table.scopeId, table.window).nullsNotDistinct(),
    check('budgets_scope_id', sql`(${table.scope} = 'organization') = (${table.scopeId} is null)`),
    check('budgets_limit', sql`${table.limitCost} is not null or ${table.limitTokens} is not null`),
    ...tenantPolicies('budgets', table.organizationId),
  ],
);
