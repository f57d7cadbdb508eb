import type { BudgetScope } from '../../db/schema/commerce/budgets.ts';
import type { SubscriptionState } from '../../db/schema/commerce/subscriptions.ts';
import { allUnits, type Unit } from '../../db/units.ts';

type Period = 'day' | 'month';

/** A limit that people are notified about: `questions/day`, or `documents` for what is held. */
export type NotifiedLimit = `${string}/${Period}` | string;

export const notifiedLimit = ({ code }: Unit, period?: Period): NotifiedLimit => (period ? `${code}/${period}` : code);

const periods = { ru: { day: 'за сутки', month: 'за месяц' }, en: { day: 'a day', month: 'a month' } };

/** Words of a limit in a letter; for a unit that is no more, its name alone. */
export function wordsOf(what: NotifiedLimit, language: 'ru' | 'en') {
  const [code, period] = what.split('/') as [string, Period?];
  const unit = allUnits().find(([, one]) => one.code === code)?.[1];
  const title = unit?.shownAs?.[language].name ?? unit?.words[language].name ?? code;
  return { title: period ? `${title} ${periods[language][period]}` : title, shownAs: unit?.shownAs };
}

interface LimitState {
  what: NotifiedLimit;
  /** In the unit's own measure, such as bytes. */
  used: number;
  limit: number;
  /** ISO 8601; missing where nothing resets by itself. */
  resetAt?: string;
}

interface BudgetState {
  scope: BudgetScope;
  /** Of the key or the model; empty for the organization. */
  name: string;
  what: 'cost' | 'tokens';
  /** Percent: 80 or 100. */
  share: number;
  /** Roubles or tokens, exact text. */
  used: string;
  limit: string;
  /** ISO 8601; missing where nothing resets by itself. */
  resetAt?: string;
}

declare module '../../platform/capabilities/outbox/contract.ts' {
  /** Totals are kopecks, times ISO 8601, tiers their keys. */
  interface NotificationParameters {
    'limit-near': LimitState;
    'limit-reached': LimitState;
    'budget-spent': BudgetState;
    invoice: { number: string; total: number; dueAt: string };
    payment: { number: string; total: number };
    subscription: { state: SubscriptionState; tier: string; until: string };
  }
}
