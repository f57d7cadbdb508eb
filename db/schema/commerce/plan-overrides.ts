import { sql } from 'drizzle-orm';
import { bigint, integer, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { everyRow, identityRole, tenantPolicies } from '../access.ts';
import { organizations } from '../people/organizations.ts';
import type { ModelPolicy } from './subscription-plans.ts';

/** What an administrator changed for one organization; NULL leaves the plan's figure. */
export const planOverrides = pgTable(
  'plan_overrides',
  {
    organizationId: uuid()
      .primaryKey()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    questionsPerDay: integer(),
    questionsPerMonth: integer(),
    concurrentQuestions: integer(),
    documents: integer(),
    users: integer(),
    modelPolicy: text().$type<ModelPolicy>(),
    maxTokensPerQuestion: integer(),
    fileBytes: bigint({ mode: 'number' }),
    storageBytes: bigint({ mode: 'number' }),
    updatedAt: timestamp({ withTimezone: true }).notNull().default(sql`now()`),
  },
  (table) => [...tenantPolicies('plan_overrides', table.organizationId), everyRow('plan_overrides', identityRole)],
);
