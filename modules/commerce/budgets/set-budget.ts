import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { budgets } from '../../../db/schema/commerce/budgets.ts';
import { apiKeys } from '../../../db/schema/people/api-keys.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { lockPlan } from '../metering/index.ts';
import { budgetNotAccepted } from '../problems.ts';
import { type Budget, listBudgets } from './budgets.ts';

/** What is decided about a budget; see `Budget`. */
export type BudgetTerms = Pick<Budget, 'scope' | 'scopeId' | 'window' | 'limitCost' | 'limitTokens' | 'hard'>;

/**
 * Sets the budget of a scope for a window. A new one counts what the usage log still has of the window; calls and questions in progress
 * are charged to it when they end.
 * @throws Problem invalid-request for a key that is not there
 */
export async function setBudget(
  tx: Transaction,
  organizationId: string,
  terms: BudgetTerms,
  now: Date,
): Promise<Budget> {
  await lockPlan(tx, organizationId);
  const { scope, scopeId, window, ...limits } = terms;
  if (scope === 'key' && !(await hasKey(tx, scopeId))) {
    throw new Problem(budgetNotAccepted, {
      errors: [{ path: 'body.scopeId', message: 'must be the id of an API key' }],
    });
  }
  const same = and(
    eq(budgets.scope, scope),
    sql`${budgets.scopeId} is not distinct from ${scopeId}`,
    eq(budgets.window, window),
  );
  const [changed] = await tx.update(budgets).set(limits).where(same).returning();
  const [row] = changed
    ? [changed]
    : await tx
        .insert(budgets)
        .values({ organizationId, ...terms })
        .returning();
  if (!row) throw new Error('Set budget: no row came back');
  if (!changed) await countSpent(tx, row.id, now);
  const [budget] = await listBudgets(tx, organizationId, now, row.id);
  return budget as Budget;
}

const hasKey = async (tx: Transaction, id: string | null): Promise<boolean> =>
  (await tx.$count(apiKeys, and(sql`${apiKeys.id}::text = ${id}`, isNull(apiKeys.replacedBy)))) > 0;

const countSpent = (tx: Transaction, id: string, now: Date) =>
  tx.execute(sql`
    insert into budget_counters (organization_id, budget_id, start, spent_cost, spent_tokens)
    select b.organization_id, b.id, s.start, coalesce(sum(l.cost), 0), coalesce(sum(l.prompt_tokens + l.completion_tokens), 0)
    from budgets b
    cross join lateral (select budget_start(b."window", ${now.toISOString()}::timestamptz)) s(start)
    left join usage_logs l on l.organization_id = b.organization_id and l.created_at >= s.start at time zone 'UTC' and case b.scope
      when 'organization' then true when 'key' then l.key_id::text = b.scope_id
      else coalesce(l.metadata ->> 'target', l.model) = b.scope_id end
    where b.id = ${id}
    group by 1, 2, 3`);
