import { describe, expect, it } from 'vitest';
import { endOf, secondsLeft } from './periods.ts';

const DAY = 86_400;

describe('secondsLeft', () => {
  it.each([
    ['minute', '2026-03-31T23:59:59.001Z', 1],
    ['minute', '2026-03-31T23:59:00.000Z', 60],
    ['day', '2026-03-31T00:00:00.000Z', DAY],
    ['day', '2026-03-31T23:59:59.001Z', 1],
    ['month', '2026-02-01T00:00:00.000Z', 28 * DAY],
    ['month', '2028-02-01T00:00:00.000Z', 29 * DAY],
    ['month', '2026-12-31T23:59:00.000Z', 60],
    // Over a change of clocks elsewhere a day still has 24 hours.
    ['day', '2026-03-29T00:00:00.000Z', DAY],
  ] as const)('of a %s that holds %s', (period, moment, seconds) => {
    expect(secondsLeft(period, new Date(moment))).toBe(seconds);
  });
});

describe('endOf', () => {
  it('is the start of the next period in UTC', () => {
    const at = new Date('2026-12-31T23:59:59.999Z');
    expect((['minute', 'day', 'month'] as const).map((period) => endOf(period, at).toISOString())).toEqual(
      Array.from({ length: 3 }, () => '2027-01-01T00:00:00.000Z'),
    );
  });
});
