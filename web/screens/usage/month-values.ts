import type { Schemas } from '@pandect/client';

export type Measure = 'count' | 'tokens' | 'cost';
type Days = Schemas['UsageByDay'];

export function amountOf(day: Days['days'][number], measure: Measure): number {
  if (measure === 'tokens') return day.promptTokens + day.completionTokens;
  return Number(measure === 'cost' ? day.cost : day.count);
}

/** A value for each day of the month, from its first to its last; 0 where nothing was used. */
export function fillMonth({ since, days }: Pick<Days, 'since' | 'days'>, measure: Measure): number[] {
  const [year = 0, month = 1] = since.split('-').map(Number);
  const length = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const byDay = new Map(days.map((day) => [Number(day.day.slice(-2)), amountOf(day, measure)]));
  return Array.from({ length }, (_, index) => byDay.get(index + 1) ?? 0);
}
