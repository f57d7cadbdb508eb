import { sql } from 'drizzle-orm';
import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import { type LimitPeriod, planLimits } from './schema/commerce/plan-limits.ts';
import { subscriptionPlans } from './schema/commerce/subscription-plans.ts';
import { allUnits } from './units.ts';

const MB = 1024 * 1024;
const GB = 1024 * MB;

/** The plans of a new platform, whose units are in `units.ts`. Administrators may change them later; a seed never overwrites what is there. */
export const initialPlans: (typeof subscriptionPlans.$inferInsert)[] = [
  {
    tier: 'demo',
    nameRu: 'Демо',
    nameEn: 'Demo',
    price: '0',
    questionsPerDay: 10,
    questionsPerMonth: 100,
    concurrentQuestions: 2,
    documents: 5,
    users: 1,
    modelPolicy: 'standard',
    maxTokensPerQuestion: 500,
    fileBytes: 5 * MB,
    storageBytes: Math.round(0.1 * GB),
    features: ['community-support'],
  },
  {
    tier: 'basic',
    nameRu: 'Базовый',
    nameEn: 'Basic',
    price: '5000',
    questionsPerDay: 50,
    questionsPerMonth: 500,
    concurrentQuestions: 5,
    documents: 100,
    users: 3,
    modelPolicy: 'standard',
    maxTokensPerQuestion: 1000,
    fileBytes: 10 * MB,
    storageBytes: 1 * GB,
    features: ['email-support'],
  },
  {
    tier: 'professional',
    nameRu: 'Профессиональный',
    nameEn: 'Professional',
    price: '15000',
    questionsPerDay: 200,
    questionsPerMonth: 2000,
    concurrentQuestions: 20,
    documents: 500,
    users: 10,
    modelPolicy: 'advanced-when-complex',
    maxTokensPerQuestion: 2000,
    fileBytes: 50 * MB,
    storageBytes: 5 * GB,
    features: ['priority-support'],
  },
  {
    tier: 'enterprise',
    nameRu: 'Корпоративный',
    nameEn: 'Enterprise',
    price: '50000',
    questionsPerDay: 1000,
    questionsPerMonth: 10_000,
    concurrentQuestions: 50,
    documents: 2000,
    users: 50,
    modelPolicy: 'advanced',
    maxTokensPerQuestion: 4000,
    fileBytes: 100 * MB,
    storageBytes: 20 * GB,
    features: ['round-the-clock-support', 'custom-integrations'],
  },
];

export async function seedPlans(orm: PostgresJsDatabase): Promise<void> {
  await orm.insert(subscriptionPlans).values(initialPlans).onConflictDoNothing({ target: subscriptionPlans.tier });
  const tiers = (await orm.select({ tier: subscriptionPlans.tier }).from(subscriptionPlans)).map(({ tier }) => tier);
  const limits = allUnits().flatMap(([unit, { plans = {} }]) =>
    Object.entries(plans).flatMap(([tier, periods]) =>
      Object.entries(periods).map(([period, amount]) => ({ tier, unit, period: period as LimitPeriod, amount })),
    ),
  );
  const known = limits.filter(({ tier }) => tiers.includes(tier));
  if (known.length > 0) await orm.insert(planLimits).values(known).onConflictDoNothing();
  await orm.execute(sql`analyze subscription_plans, plan_limits`);
}
