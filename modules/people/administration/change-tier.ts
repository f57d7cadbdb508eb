import { eq, sql } from 'drizzle-orm';
import type { Database, Transaction } from '../../../db/client.ts';
import { subscriptionPlans } from '../../../db/schema/commerce/subscription-plans.ts';
import { users } from '../../../db/schema/people/users.ts';
import { Refused } from '../../../platform/kernel/refused.ts';
import { changePlan } from '../organizations/change-plan.ts';
import { recordAct } from '../record-act.ts';

/** Puts the organization of an owner on a plan. @throws Refused for an unknown plan or owner */
export const changeTier = (database: Database, email: string, tier: string) =>
  database.transaction((tx) => change(tx, email, tier));

async function change(tx: Transaction, email: string, tier: string): Promise<{ organization: string; tier: string }> {
  const plans = await tx
    .select({ tier: subscriptionPlans.tier })
    .from(subscriptionPlans)
    .orderBy(subscriptionPlans.price);
  if (!plans.some((plan) => plan.tier === tier)) {
    const known = plans.map((plan) => plan.tier).join(', ');
    throw new Refused('malformed', `Change tier to "${tier}": known are ${known}`);
  }
  const [owner] = await tx
    .select()
    .from(users)
    .where(eq(sql`lower(${users.email})`, email.toLowerCase()));
  if (owner?.role !== 'owner') {
    throw new Refused('missing', `Change tier of "${email}": no organization has this owner`);
  }
  const { organizationId } = owner;
  const changed = await changePlan(tx, organizationId, { tier, subscriptionStartedAt: sql`now()` });
  const act = { organizationId, actor: 'operator', target: organizationId, details: { to: tier } };
  await recordAct(tx, { ...act, action: 'change-tier' });
  return { organization: changed?.name ?? '', tier };
}
