import { bigint, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { everyRow, identityRole, platformRole, tenantRole } from '../access.ts';
import { subscriptionPlans } from './subscription-plans.ts';

/**
 * When a limit counts. `day` and `month` (UTC): units used in it. `held`: units that are there at any moment. `concurrent`: requests in
 * progress that reserve the unit.
 */
export const limitPeriods = ['day', 'month', 'held', 'concurrent'] as const;
export type LimitPeriod = (typeof limitPeriods)[number];

/** What each plan allows of each unit. */
export const planLimits = pgTable(
  'plan_limits',
  {
    tier: text()
      .notNull()
      .references(() => subscriptionPlans.tier, { onDelete: 'cascade' }),
    unit: text().notNull(),
    period: text().$type<LimitPeriod>().notNull(),
    amount: bigint({ mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tier, table.unit, table.period] }),
    ...[tenantRole, identityRole, platformRole].map((role) => everyRow('plan_limits', role)),
  ],
);
