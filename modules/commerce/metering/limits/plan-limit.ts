import { sql } from 'drizzle-orm';
import type { Transaction } from '../../../../db/client.ts';
import { Problem } from '../../../../platform/kernel/problem.ts';
import { planLimitReached } from '../../problems.ts';
import type { Plan } from '../plan.ts';
import { type NextTier, nextTierParameters } from './limit-refusal.ts';

/** What a plan lets an organization hold, as clients are told, and the unit that it is. */
const held = {
  documents: { unit: 'document', limit: (plan: Plan) => plan.documents },
  bytes: { unit: 'byte', limit: (plan: Plan) => plan.storageBytes },
  users: { unit: 'user', limit: (plan: Plan) => plan.users },
} as const;

/** The refusal of one more, with what the next tier allows. */
export async function describeLimitReached(
  tx: Transaction,
  plan: Plan,
  what: keyof typeof held,
  used: number,
): Promise<Problem> {
  const { unit, limit: limitOf } = held[what];
  const limit = limitOf(plan);
  const [row] = await tx.execute<{ next: NextTier | null }>(
    sql`select next_limit(${plan.tier}, ${unit}, 'held', ${limit}) as next`,
  );
  return new Problem(planLimitReached, {
    parameters: { tier: plan.tier, what, limit, used, ...nextTierParameters(row?.next ?? null) },
  });
}
