import { sql } from 'drizzle-orm';
import type { Transaction } from '../../../../db/client.ts';
import { Problem } from '../../../../platform/kernel/problem.ts';
import { planLimitReached } from '../../problems.ts';
import type { Plan } from '../plan.ts';
import { type NextTier, nextTierParameters } from './limit-refusal.ts';

/** What a plan limits by number, as clients are told, and the column of `subscription_plans` that says how many. */
const columns = {
  documents: { column: 'documents', limit: (plan: Plan) => plan.documents },
  bytes: { column: 'storage_bytes', limit: (plan: Plan) => plan.storageBytes },
  users: { column: 'users', limit: (plan: Plan) => plan.users },
} as const;

/** The refusal of one more, with what the next tier allows. */
export async function describeLimitReached(
  tx: Transaction,
  plan: Plan,
  what: keyof typeof columns,
  used: number,
): Promise<Problem> {
  const { column, limit: limitOf } = columns[what];
  const limit = limitOf(plan);
  const [row] = await tx.execute<{ next: NextTier | null }>(
    sql`select next_tier(${plan.tier}, ${column}, ${limit}) as next`,
  );
  return new Problem(planLimitReached, {
    parameters: { tier: plan.tier, what, limit, used, ...nextTierParameters(row?.next ?? null) },
  });
}
