import { asc } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { subscriptionPlans } from '../../../db/schema/commerce/subscription-plans.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { invalidRequest } from '../../../platform/kernel/problems.ts';
import { kopecksOf } from './kopecks.ts';

/** A plan as billing sees it; `price` is kopecks a month. */
export type Plan = Omit<typeof subscriptionPlans.$inferSelect, 'price'> & { price: number };

/** All plans, the cheapest first. */
export async function readPlans(tx: Transaction): Promise<Plan[]> {
  const rows = await tx.select().from(subscriptionPlans).orderBy(asc(subscriptionPlans.price), subscriptionPlans.tier);
  return rows.map((row) => ({ ...row, price: kopecksOf(row.price) }));
}

/** @throws Problem invalid-request for a plan that is not there, or cannot be bought because it costs nothing */
export async function paidPlan(tx: Transaction, tier: string): Promise<Plan> {
  const plan = (await readPlans(tx)).find((row) => row.tier === tier);
  if (plan && plan.price > 0) return plan;
  throw new Problem(invalidRequest, { errors: [{ path: 'body.tier', message: 'not a plan that can be bought' }] });
}

/** @throws Error: what a subscription or an invoice names is there */
export async function knownPlan(tx: Transaction, tier: string): Promise<Plan> {
  const plan = (await readPlans(tx)).find((row) => row.tier === tier);
  if (!plan) throw new Error(`Read plan "${tier}": there is none`);
  return plan;
}
