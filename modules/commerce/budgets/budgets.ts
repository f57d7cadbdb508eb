import { and, asc, eq, sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { budgetCounters } from '../../../db/schema/commerce/budget-counters.ts';
import { type BudgetScope, type BudgetWindow, budgets } from '../../../db/schema/commerce/budgets.ts';
import { endOf } from '../metering/periods.ts';

/** A budget with what was spent of it in the window of this moment, and what calls in progress hold. Roubles are exact text. */
export interface Budget {
  id: string;
  scope: BudgetScope;
  scopeId: string | null;
  window: BudgetWindow;
  limitCost: string | null;
  limitTokens: number | null;
  hard: boolean;
  spentCost: string;
  heldCost: string;
  spentTokens: number;
  heldTokens: number;
  /** null for one that never resets. */
  resetAt: Date | null;
}

/** Without zeros that say nothing: `12.5`. */
export const trimmed = (roubles: string): string => (roubles.includes('.') ? roubles.replace(/\.?0+$/, '') : roubles);

/** Budgets of an organization, those of the organization itself first. @param id for one alone */
export async function listBudgets(tx: Transaction, organizationId: string, now: Date, id?: string): Promise<Budget[]> {
  const start = sql`budget_start(${budgets.window}, ${now.toISOString()}::timestamptz)`;
  const rows = await tx
    .select()
    .from(budgets)
    .leftJoin(budgetCounters, and(eq(budgetCounters.budgetId, budgets.id), eq(budgetCounters.start, start)))
    .where(and(eq(budgets.organizationId, organizationId), id === undefined ? undefined : eq(budgets.id, id)))
    .orderBy(sql`${budgets.scope} <> 'organization'`, asc(budgets.scope), asc(budgets.scopeId), asc(budgets.window));
  return rows.map(({ budgets: budget, budget_counters: counter }) => ({
    id: budget.id,
    scope: budget.scope,
    scopeId: budget.scopeId,
    window: budget.window,
    limitCost: budget.limitCost === null ? null : trimmed(budget.limitCost),
    limitTokens: budget.limitTokens,
    hard: budget.hard,
    spentCost: trimmed(counter?.spentCost ?? '0'),
    heldCost: trimmed(counter?.heldCost ?? '0'),
    spentTokens: counter?.spentTokens ?? 0,
    heldTokens: counter?.heldTokens ?? 0,
    resetAt: budget.window === 'total' ? null : endOf(budget.window, now),
  }));
}
