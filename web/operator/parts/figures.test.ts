import { expect, it } from 'vitest';
import { formatAge, formatDecimal, formatMs, formatRate, formatShare } from './figures.ts';

const spaced = (text: string) => text.replace(/\s/gu, ' ');

it('writes what was not measured as a dash', () => {
  expect([formatShare('en', null), formatRate('en', undefined), formatMs('ru', null), formatAge('ru', null)]).toEqual([
    ...['–', '–', '–', '–'],
  ]);
});

it('writes decimal amounts with all their digits', () => {
  expect(spaced(formatDecimal('ru', '10000.00'))).toBe('10 000,00');
  expect(formatDecimal('en', null)).toBe('');
  expect(formatDecimal('en', '0.000125')).toBe('0.000125');
  expect(formatDecimal('en', '123456789012345678.5')).toBe('123,456,789,012,345,678.5');
});

it('writes shares, rates and times in both languages', () => {
  expect(formatShare('en', 0.01234)).toBe('1.23%');
  expect(spaced(formatShare('ru', 0.5))).toBe('50 %');
  expect([formatRate('en', 0.3333), formatRate('en', 1243.4)]).toEqual(['0.33', '1,243']);
  expect(spaced(formatMs('en', 85))).toBe('85 ms');
  expect(spaced(formatMs('ru', 12_300))).toBe('12 с');
  expect([40, 90, 7_300, 200_000].map((seconds) => spaced(formatAge('en', seconds)))).toEqual([
    ...['40 sec', '1.5 min', '2 hr', '2.3 days'],
  ]);
});
