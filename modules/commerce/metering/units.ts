import { asc } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { type LimitPeriod, planLimits } from '../../../db/schema/commerce/plan-limits.ts';
import { allUnits } from '../../../db/units.ts';
import { titleOf, type Words } from './unit-words.ts';

/** One limit of a unit, as clients are shown it. */
export interface UnitLimit {
  unit: string;
  name: Words;
  /** In UTC; missing for what is held. */
  period?: 'day' | 'month';
}

/** Every limit of every unit, once, with the period that rows call it by. */
export const unitLimits = (): (UnitLimit & { row: LimitPeriod })[] =>
  allUnits().flatMap(([unit, { periods }]) =>
    periods.map((row) => ({ unit, name: titleOf(unit), ...(row !== 'held' && { period: row }), row })),
  );

/** What each plan allows, by its tier; what a plan does not limit is left out. */
export async function planUnits(tx: Transaction): Promise<(tier: string) => (UnitLimit & { amount: number })[]> {
  const rows = await tx.select().from(planLimits).orderBy(asc(planLimits.tier));
  return (tier) =>
    unitLimits().flatMap(({ row, ...limit }) => {
      const found = rows.find((one) => one.tier === tier && one.unit === limit.unit && one.period === row);
      return found ? [{ ...limit, amount: found.amount }] : [];
    });
}
