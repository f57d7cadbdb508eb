import { sql } from 'drizzle-orm';
import { bigint, check, numeric, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { everyRow, identityRole, tenantPolicies } from '../access.ts';
import { subscriptionPlans } from '../commerce/subscription-plans.ts';

export const organizations = pgTable(
  'organizations',
  {
    id: uuid().primaryKey().defaultRandom(),
    name: text().notNull(),
    tier: text()
      .notNull()
      .default('demo')
      .references(() => subscriptionPlans.tier),
    subscriptionStartedAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    subscriptionEndsAt: timestamp({ withTimezone: true }),
    tokensUsed: bigint({ mode: 'number' }).notNull().default(0),
    aiCost: numeric({ precision: 20, scale: 8 }).notNull().default('0'),
    questionsUsed: bigint({ mode: 'number' }).notNull().default(0),
    storageUsed: bigint({ mode: 'number' }).notNull().default(0),
    /** Grows with every change of the set of ready documents; part of the answer cache's key. */
    /** Questions that were bought or given on top of the plan; taken when the plan's own are used. */
    questionCredits: bigint({ mode: 'number' }).notNull().default(0),
    /** Set while a platform administrator keeps the organization from working. */
    suspendedAt: timestamp({ withTimezone: true }),
    /** Set once its owner asked for its erasure, which a worker then carries out. */
    erasureRequestedAt: timestamp({ withTimezone: true }),
    documentsVersion: bigint({ mode: 'number' }).notNull().default(0),
    createdAt: timestamp({ withTimezone: true }).notNull().default(sql`now()`),
  },
  (table) => [
    check('organizations_credits', sql`${table.questionCredits} >= 0`),
    ...tenantPolicies('organizations', table.id),
    everyRow('organizations', identityRole),
  ],
);
