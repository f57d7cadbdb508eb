import { eq } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { organizationPlans } from '../../../db/schema/commerce/organization-plans.ts';
import { organizations } from '../../../db/schema/people/organizations.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { notFound } from '../../../platform/kernel/problems.ts';

/** What an organization may do: the figures of its plan, or what an administrator put in their place. */
export type Plan = typeof organizationPlans.$inferSelect;

/** The plan of an organization. @throws Problem not-found for an organization that is gone */
export async function planOf(tx: Transaction, organizationId: string): Promise<Plan> {
  const [plan] = await tx.select().from(organizationPlans).where(eq(organizationPlans.organizationId, organizationId));
  if (!plan) throw new Problem(notFound);
  return plan;
}

/** The same, holding the organization's row until the transaction ends, so that checks against it are exact. */
export async function lockPlan(tx: Transaction, organizationId: string): Promise<Plan> {
  await tx
    .select({ id: organizations.id })
    .from(organizations)
    .where(eq(organizations.id, organizationId))
    .for('no key update');
  // What was read before the row was locked may have changed while it was waited for.
  return planOf(tx, organizationId);
}
