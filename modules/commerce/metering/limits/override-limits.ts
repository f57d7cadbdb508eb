import { and, eq, sql } from 'drizzle-orm';
import type { Transaction } from '../../../../db/client.ts';
import { ownerLimits } from '../../../../db/schema/commerce/owner-limits.ts';
import { type LimitPeriod, planLimits } from '../../../../db/schema/commerce/plan-limits.ts';
import { planOverrides } from '../../../../db/schema/commerce/plan-overrides.ts';

/** One limit that an administrator sets. */
export interface SetLimit {
  unit: string;
  period: LimitPeriod;
  amount: number;
}

/** A limit in place of the plan's. */
export interface Override extends SetLimit {
  /** When the plan's limit holds again; missing for never. */
  until?: Date | undefined;
}

/** Limits that are columns for one more release: they are set there, and rows follow. */
const figures = ['question/day', 'question/month', 'question/concurrent', 'document/held', 'byte/held', 'user/held'];
export const hasFigure = ({ unit, period }: Pick<SetLimit, 'unit' | 'period'>): boolean =>
  figures.includes(`${unit}/${period}`);

/** Limits of a plan that are no figures. */
export async function planLimitsOf(tx: Transaction, tier: string): Promise<SetLimit[]> {
  const rows = await tx
    .select()
    .from(planLimits)
    .where(eq(planLimits.tier, tier))
    .orderBy(planLimits.unit, planLimits.period);
  return rows.filter((row) => !hasFigure(row)).map(({ unit, period, amount }) => ({ unit, period, amount }));
}

/** Sets limits of a plan; those that are not named stay. */
export async function setPlanLimits(tx: Transaction, tier: string, limits: readonly SetLimit[]): Promise<void> {
  for (const limit of limits) {
    await tx
      .insert(planLimits)
      .values({ tier, ...limit })
      .onConflictDoUpdate({
        target: [planLimits.tier, planLimits.unit, planLimits.period],
        set: { amount: limit.amount },
      });
  }
}

const ofOrganization = (organizationId: string) =>
  and(eq(ownerLimits.organizationId, organizationId), eq(ownerLimits.ownerId, organizationId));

/** What an organization has in place of its plan's limits, figures that last left out. */
export async function overridesOf(tx: Transaction, organizationId: string): Promise<Override[]> {
  const rows = await tx
    .select()
    .from(ownerLimits)
    .where(ofOrganization(organizationId))
    .orderBy(ownerLimits.unit, ownerLimits.period);
  return rows
    .filter((row) => row.until !== null || !hasFigure(row))
    .map(({ unit, period, amount, until }) => ({ unit, period, amount, ...(until && { until }) }));
}

type Figures = Omit<typeof planOverrides.$inferInsert, 'organizationId' | 'updatedAt'>;

/** Replaces everything that an organization has in place of its plan. */
export async function replaceOverrides(
  tx: Transaction,
  organizationId: string,
  changed: Figures,
  overrides: readonly Override[],
): Promise<typeof planOverrides.$inferSelect | undefined> {
  await tx.delete(ownerLimits).where(ofOrganization(organizationId));
  const set = { ...changed, updatedAt: sql`now()` };
  const [row] = await tx
    .insert(planOverrides)
    .values({ organizationId, ...set })
    .onConflictDoUpdate({ target: planOverrides.organizationId, set })
    .returning();
  for (const { unit, period, amount, until = null } of overrides) {
    await tx
      .insert(ownerLimits)
      .values({ organizationId, ownerId: organizationId, unit, period, amount, until })
      .onConflictDoUpdate({
        target: [ownerLimits.organizationId, ownerLimits.ownerId, ownerLimits.unit, ownerLimits.period],
        set: { amount, until },
      });
  }
  return row;
}
