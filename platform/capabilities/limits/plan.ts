import { eq } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { organizations } from '../../../db/schema/organizations.ts';
import { subscriptionPlans } from '../../../db/schema/subscription-plans.ts';
import { Problem } from '../../kernel/problem.ts';

export type Plan = typeof subscriptionPlans.$inferSelect;

/** The plan of an organization. @throws Problem not-found for an organization that is gone */
export async function planOf(tx: Transaction, organizationId: string): Promise<Plan> {
  return only(await planQuery(tx, organizationId));
}

/** The same, holding the organization's row until the transaction ends, so that checks against it are exact. */
export async function lockPlan(tx: Transaction, organizationId: string): Promise<Plan> {
  return only(await planQuery(tx, organizationId).for('no key update', { of: organizations }));
}

const planQuery = (tx: Transaction, organizationId: string) =>
  tx
    .select({ plan: subscriptionPlans })
    .from(organizations)
    .innerJoin(subscriptionPlans, eq(subscriptionPlans.tier, organizations.tier))
    .where(eq(organizations.id, organizationId));

function only(rows: { plan: Plan }[]): Plan {
  if (!rows[0]) throw new Problem('not-found');
  return rows[0].plan;
}
