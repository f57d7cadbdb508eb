import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kopecksOf, MOST_KOPECKS, prorate, roublesOf } from './kopecks.ts';

const amount = fc.integer({ min: 0, max: MOST_KOPECKS });

describe('amounts', () => {
  it('are read and written without loss', () => {
    fc.assert(
      fc.property(amount, (kopecks) => {
        expect(kopecksOf(roublesOf(kopecks))).toBe(kopecks);
      }),
    );
    expect(['5000', '5000.5', '5000.05', '0', '0.01'].map(kopecksOf)).toEqual([500_000, 500_050, 500_005, 0, 1]);
  });

  it.each(['', '-1', '+1', '1e3', '1,5', '1.234', '01', '.5', '5.', ' 5', 'NaN', 'Infinity', '0x10', '99999999999'])(
    'are not read from "%s"',
    (text) => {
      expect(() => kopecksOf(text)).toThrow('Read amount');
    },
  );

  it.each([-1, 0.5, Number.NaN, 2 ** 53])('are not written from %s', (kopecks) => {
    expect(() => roublesOf(kopecks)).toThrow('Write amount');
  });
});

describe('a part of an amount', () => {
  it('is rounded down, and the parts of a period come to the whole but for a kopeck for each cut', () => {
    const cuts = fc.array(fc.integer({ min: 0, max: 2_678_400_000 }), { maxLength: 20 });
    fc.assert(
      fc.property(amount, cuts, (whole, at) => {
        const length = 2_678_400_000;
        const marks = [0, ...at.toSorted((a, b) => a - b), length];
        const parts = marks.slice(1).map((mark, index) => prorate(whole, mark - (marks[index] as number), length));
        const sum = parts.reduce((total, part) => total + part, 0);
        expect(sum).toBeLessThanOrEqual(whole);
        expect(whole - sum).toBeLessThanOrEqual(at.length);
        for (const part of parts) expect(Number.isSafeInteger(part) && part >= 0).toBe(true);
      }),
    );
  });

  it('is exact where floating point is not', () => {
    expect(prorate(99_999_999_999, 2_678_399_999, 2_678_400_000)).toBe(99_999_999_961);
    expect(prorate(1_000_000, 0, 5)).toBe(0);
    expect(prorate(1_000_000, 5, 5)).toBe(1_000_000);
  });

  it.each([
    [-1, 5],
    [6, 5],
    [0, 0],
  ])('is not known for %i of %i', (part, whole) => {
    expect(() => prorate(100, part, whole)).toThrow('Prorate');
  });
});
