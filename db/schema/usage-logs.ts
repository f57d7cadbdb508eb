import { sql } from 'drizzle-orm';
import { index, integer, jsonb, numeric, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { tenantPolicies } from './access.ts';
import { organizations } from './organizations.ts';
import { users } from './users.ts';

export const usageActions = ['ai_query', 'document_upload', 'search'] as const;
export type UsageAction = (typeof usageActions)[number];

/** One row for each thing that was used; organizations carry the sums. */
export const usageLogs = pgTable(
  'usage_logs',
  {
    id: uuid().primaryKey().defaultRandom(),
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    userId: uuid().references(() => users.id, { onDelete: 'set null' }),
    action: text().$type<UsageAction>().notNull(),
    model: text(),
    promptTokens: integer().notNull().default(0),
    completionTokens: integer().notNull().default(0),
    cachedTokens: integer().notNull().default(0),
    /** Roubles; NULL while the model has no price. */
    cost: numeric({ precision: 20, scale: 8 }),
    metadata: jsonb().$type<Record<string, unknown>>().notNull().default({}),
    createdAt: timestamp({ withTimezone: true }).notNull().default(sql`now()`),
  },
  (table) => [
    index('usage_logs_organization_time').on(table.organizationId, table.createdAt),
    index('usage_logs_user_time').on(table.userId, table.createdAt),
    ...tenantPolicies('usage_logs', table.organizationId),
  ],
);
