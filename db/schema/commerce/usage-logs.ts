import { sql } from 'drizzle-orm';
import { index, integer, jsonb, numeric, pgTable, text, timestamp, unique, uuid } from 'drizzle-orm/pg-core';
import { tenantPolicies } from '../access.ts';
import { organizations } from '../people/organizations.ts';
import { users } from '../people/users.ts';

/** What was done, such as `ai_query`, `document_upload` or `search`; products add theirs. */
export type UsageAction = string;

/**
 * `done`: it was answered; `cached`: without the provider; `broken`: the client or the provider left in the middle, what was
 * produced counts; `failed`: nothing came of it, the question was given back; `lost`: the process ended before it could tell, so what was reserved counts.
 */
export const usageOutcomes = ['done', 'cached', 'broken', 'failed', 'lost'] as const;
export type UsageOutcome = (typeof usageOutcomes)[number];

/** One row for each thing that was used; organizations carry the sums. */
export const usageLogs = pgTable(
  'usage_logs',
  {
    id: uuid().primaryKey().defaultRandom(),
    organizationId: uuid()
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    userId: uuid().references(() => users.id, { onDelete: 'set null' }),
    /** The API key that asked, as far as that is known. */
    keyId: uuid(),
    action: text().$type<UsageAction>().notNull(),
    /** The admitted request it belongs to, and which attempt at it this was: a retry or a fallback is another one. */
    requestId: uuid().notNull().defaultRandom(),
    attempt: integer().notNull().default(1),
    outcome: text().$type<UsageOutcome>().notNull().default('done'),
    model: text(),
    promptTokens: integer().notNull().default(0),
    completionTokens: integer().notNull().default(0),
    cachedTokens: integer().notNull().default(0),
    /** Of the prompt tokens, those that the provider wrote to its cache; of the completion tokens, those of reasoning. */
    cacheWriteTokens: integer().notNull().default(0),
    reasoningTokens: integer().notNull().default(0),
    /** Roubles, exact: prices have two decimals for a million tokens. */
    cost: numeric({ precision: 20, scale: 8 }).notNull().default('0'),
    metadata: jsonb().$type<Record<string, unknown>>().notNull().default({}),
    createdAt: timestamp({ withTimezone: true }).notNull().default(sql`now()`),
  },
  (table) => [
    unique('usage_logs_attempt').on(table.organizationId, table.requestId, table.attempt),
    index('usage_logs_organization_time').on(table.organizationId, table.createdAt),
    index('usage_logs_age').on(table.createdAt),
    index('usage_logs_user_time').on(table.userId, table.createdAt),
    ...tenantPolicies('usage_logs', table.organizationId),
  ],
);
