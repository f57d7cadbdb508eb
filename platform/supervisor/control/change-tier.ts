import { eq, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/postgres-js';
import { HTTPException } from 'hono/http-exception';
import { connect } from '../../../db/client.ts';
import { organizations } from '../../../db/schema/organizations.ts';
import { subscriptionPlans } from '../../../db/schema/subscription-plans.ts';
import { users } from '../../../db/schema/users.ts';

/** Puts the organization of an owner on a plan. @throws HTTPException for an unknown plan or owner */
export async function changeTier(
  databaseUrl: string,
  email: string,
  tier: string,
): Promise<{ organization: string; tier: string }> {
  const client = connect(databaseUrl, { applicationName: 'pandect admin' });
  try {
    const db = drizzle({ client, casing: 'snake_case' });
    const [plan] = await db.select().from(subscriptionPlans).where(eq(subscriptionPlans.tier, tier));
    if (!plan) {
      const known = await db
        .select({ tier: subscriptionPlans.tier })
        .from(subscriptionPlans)
        .orderBy(subscriptionPlans.price);
      throw new HTTPException(400, {
        message: `Change tier to "${tier}": known are ${known.map((row) => row.tier).join(', ')}`,
      });
    }
    const [owner] = await db
      .select()
      .from(users)
      .where(eq(sql`lower(${users.email})`, email.toLowerCase()));
    if (owner?.role !== 'owner') {
      throw new HTTPException(404, { message: `Change tier of "${email}": no organization has this owner` });
    }
    const [changed] = await db
      .update(organizations)
      .set({ tier, subscriptionStartedAt: sql`now()` })
      .where(eq(organizations.id, owner.organizationId))
      .returning();
    return { organization: changed?.name ?? '', tier };
  } finally {
    await client.end();
  }
}
