export type Period = 'minute' | 'day' | 'month';

/** The moment at which the period that `at` lies in is over, in UTC. */
export function endOf(period: Period, at: Date): Date {
  const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()];
  if (period === 'month') return new Date(Date.UTC(year, month + 1, 1));
  if (period === 'day') return new Date(Date.UTC(year, month, day + 1));
  return new Date((Math.floor(at.getTime() / 60_000) + 1) * 60_000);
}

/** Whole seconds until then, at least 1. */
export const secondsLeft = (period: Period, at: Date): number =>
  Math.ceil((endOf(period, at).getTime() - at.getTime()) / 1000);
