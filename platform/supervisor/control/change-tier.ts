import { eq, sql } from 'drizzle-orm';
import { HTTPException } from 'hono/http-exception';
import { createDatabase, type Transaction } from '../../../db/client.ts';
import { subscriptionPlans } from '../../../db/schema/commerce/subscription-plans.ts';
import { organizations } from '../../../db/schema/people/organizations.ts';
import { users } from '../../../db/schema/people/users.ts';
import { recordAct } from '../../../modules/people/record-act.ts';

/** Puts the organization of an owner on a plan. @throws HTTPException for an unknown plan or owner */
export async function changeTier(
  databaseUrl: string,
  email: string,
  tier: string,
): Promise<{ organization: string; tier: string }> {
  const database = createDatabase({ url: databaseUrl, connections: 1, applicationName: 'pandect admin' });
  try {
    return await database.transaction((tx) => change(tx, email, tier));
  } finally {
    await database.close();
  }
}

async function change(tx: Transaction, email: string, tier: string): Promise<{ organization: string; tier: string }> {
  const plans = await tx
    .select({ tier: subscriptionPlans.tier })
    .from(subscriptionPlans)
    .orderBy(subscriptionPlans.price);
  if (!plans.some((plan) => plan.tier === tier)) {
    const known = plans.map((plan) => plan.tier).join(', ');
    throw new HTTPException(400, { message: `Change tier to "${tier}": known are ${known}` });
  }
  const [owner] = await tx
    .select()
    .from(users)
    .where(eq(sql`lower(${users.email})`, email.toLowerCase()));
  if (owner?.role !== 'owner') {
    throw new HTTPException(404, { message: `Change tier of "${email}": no organization has this owner` });
  }
  const { organizationId } = owner;
  const [changed] = await tx
    .update(organizations)
    .set({ tier, subscriptionStartedAt: sql`now()` })
    .where(eq(organizations.id, organizationId))
    .returning();
  const act = { organizationId, actor: 'operator', target: organizationId, details: { to: tier } };
  await recordAct(tx, { ...act, action: 'change-tier' });
  return { organization: changed?.name ?? '', tier };
}
