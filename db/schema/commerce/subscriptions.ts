import { sql } from 'drizzle-orm';
import { boolean, index, integer, jsonb, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { tenantPolicies } from '../access.ts';
import { organizations } from '../people/organizations.ts';
import { subscriptionPlans } from './subscription-plans.ts';

/**
 * trial → active | expired; active → past-due | cancelled; past-due → active | expired; cancelled → active | expired;
 * expired → active. An organization without a row never had one: it is on the free plan.
 */
export const subscriptionStates = ['trial', 'active', 'past-due', 'cancelled', 'expired'] as const;
export type SubscriptionState = (typeof subscriptionStates)[number];

/** Who is named on invoices. */
export interface Buyer {
  name: string;
  /** Taxpayer number: 10 digits of a company, 12 of a person. */
  inn?: string | undefined;
  kpp?: string | undefined;
  address?: string | undefined;
}

export const subscriptions = pgTable(
  'subscriptions',
  {
    organizationId: uuid()
      .primaryKey()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    state: text().$type<SubscriptionState>().notNull(),
    tier: text()
      .notNull()
      .references(() => subscriptionPlans.tier),
    /** What the next period is for, when it is another plan. */
    nextTier: text().references(() => subscriptionPlans.tier),
    periodStart: timestamp({ withTimezone: true }).notNull(),
    periodEnd: timestamp({ withTimezone: true }).notNull(),
    /** Day of the month that periods end on, where the month has it; its last day otherwise. */
    anchorDay: integer().notNull(),
    trialUsed: boolean().notNull().default(false),
    buyer: jsonb().$type<Buyer>(),
    updatedAt: timestamp({ withTimezone: true }).notNull().default(sql`now()`),
  },
  (table) => [index('subscriptions_due').on(table.periodEnd), ...tenantPolicies('subscriptions', table.organizationId)],
);
