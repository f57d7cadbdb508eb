/**
 * Periods of subscriptions are months in UTC, which knows no daylight saving. They end on the subscription's anchor day, or on
 * the last day of a month that does not have it: 31 January → 28 February → 31 March.
 */

export const DAY_MS = 24 * 3_600_000;

export const anchorDayOf = (date: Date): number => date.getUTCDate();

/** The end of the period that begins at `start`: the next month's anchor day at the same time of day. */
export function monthAfter(start: Date, anchorDay: number): Date {
  const [year, month] = [start.getUTCFullYear(), start.getUTCMonth() + 1];
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const timeOfDay = start.getTime() % DAY_MS;
  return new Date(Date.UTC(year, month, Math.min(anchorDay, lastDay)) + timeOfDay);
}

export const daysAfter = (date: Date, days: number): Date => new Date(date.getTime() + days * DAY_MS);

/** Where the books are kept: documents carry its dates, and a year's numbers begin at its New Year. */
const BOOKKEEPING_ZONE = 'Europe/Moscow';

/** A date on a document: `{ year: 2026, month: 3, day: 1 }`. */
export function bookkeepingDate(date: Date): { year: number; month: number; day: number } {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone: BOOKKEEPING_ZONE, dateStyle: 'short' }).formatToParts(
    date,
  );
  const read = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  return { year: read('year'), month: read('month'), day: read('day') };
}
