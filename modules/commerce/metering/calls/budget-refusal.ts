import type { BudgetScope, BudgetWindow } from '../../../../db/schema/commerce/budgets.ts';
import { Problem } from '../../../../platform/kernel/problem.ts';
import { budgetExceeded } from '../../problems.ts';
import { endOf, secondsLeft } from '../periods.ts';

/** A hard budget that has no room for what a call would cost at most. Figures are exact text: roubles, or tokens. */
export interface BudgetRefusal {
  what: 'cost' | 'tokens';
  scope: BudgetScope;
  scopeId: string | null;
  window: BudgetWindow;
  limit: string;
  used: string;
}

const windows = {
  en: { day: ' a day', month: ' a month', total: '' },
  ru: { day: ' за сутки', month: ' за месяц', total: '' },
};
const measures = { en: { cost: 'roubles', tokens: 'tokens' }, ru: { cost: '₽', tokens: 'токенов' } };

const allowedIn = (language: 'en' | 'ru', { limit, what, window }: BudgetRefusal): string =>
  `${limit} ${measures[language][what]}${windows[language][window]}`;

/** What a client is told, with the reset of the budget if it has one. @param at when it was refused */
export function budgetProblem(refusal: BudgetRefusal, at: Date): Problem {
  const { scopeId, window, ...figures } = refusal;
  const allowed = { en: allowedIn('en', refusal), ru: allowedIn('ru', refusal) };
  const parameters = { ...figures, window, allowed, ...(scopeId !== null && { scopeId }) };
  if (window === 'total') return new Problem(budgetExceeded, { parameters });
  const seconds = secondsLeft(window, at);
  const resetAt = endOf(window, at).toISOString();
  return new Problem(budgetExceeded, {
    parameters: { ...parameters, resetSeconds: seconds, resetAt },
    headers: { 'retry-after': String(seconds) },
  });
}
