import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anchorDayOf, bookkeepingDate, DAY_MS, monthAfter } from './calendar.ts';

const periods = (start: string, count: number) => {
  const ends: string[] = [];
  let at = new Date(start);
  const anchor = anchorDayOf(at);
  for (let index = 0; index < count; index++) {
    at = monthAfter(at, anchor);
    ends.push(at.toISOString());
  }
  return ends;
};

describe('a month of a subscription', () => {
  it('ends on the last day where a month has no anchor day, and comes back to the anchor day', () => {
    expect(periods('2026-01-31T10:20:30.400Z', 4)).toEqual([
      '2026-02-28T10:20:30.400Z',
      '2026-03-31T10:20:30.400Z',
      '2026-04-30T10:20:30.400Z',
      '2026-05-31T10:20:30.400Z',
    ]);
  });

  it('knows leap years and the turn of the year', () => {
    expect(periods('2027-12-31T00:00:00.000Z', 2)).toEqual(['2028-01-31T00:00:00.000Z', '2028-02-29T00:00:00.000Z']);
    expect(periods('2027-12-30T23:59:59.999Z', 2)).toEqual(['2028-01-30T23:59:59.999Z', '2028-02-29T23:59:59.999Z']);
  });

  it('is the same over changes to daylight saving, which UTC does not have', () => {
    expect(periods('2026-03-15T01:30:00.000Z', 1)).toEqual(['2026-04-15T01:30:00.000Z']);
    expect(periods('2026-10-25T01:30:00.000Z', 1)).toEqual(['2026-11-25T01:30:00.000Z']);
  });

  it('always moves on by 28 to 31 days and keeps to the anchor day or the last one', () => {
    const date = fc.date({ min: new Date('2000-01-01'), max: new Date('2200-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(date, fc.integer({ min: 1, max: 31 }), (start, anchor) => {
        fc.pre(anchorDayOf(start) === anchor || anchor > 28);
        const end = monthAfter(start, anchor);
        expect((end.getUTCFullYear() - start.getUTCFullYear()) * 12 + end.getUTCMonth() - start.getUTCMonth()).toBe(1);
        const dayAfter = new Date(end.getTime() + DAY_MS);
        expect(anchorDayOf(end) === anchor || (dayAfter.getUTCDate() === 1 && anchorDayOf(end) < anchor)).toBe(true);
        expect(end.getTime() % DAY_MS).toBe(start.getTime() % DAY_MS);
      }),
    );
  });
});

describe('the date of a document', () => {
  it('is that of Moscow, so the new year begins three hours before that of UTC', () => {
    expect(bookkeepingDate(new Date('2026-12-31T20:59:59Z'))).toEqual({ year: 2026, month: 12, day: 31 });
    expect(bookkeepingDate(new Date('2026-12-31T21:00:00Z'))).toEqual({ year: 2027, month: 1, day: 1 });
  });
});
