import { expect, it } from 'vitest';
import { fillMonth } from './month-values.ts';

const used = { count: 2, promptTokens: 10, completionTokens: 5, cachedTokens: 4, cost: '0.04200000' };

it.each([
  ['2026-02', 28, '2026-02-28'],
  ['2028-02', 29, '2028-02-29'],
  ['2026-12', 31, '2026-12-31'],
])('%s has a value for each of its %d days', (month, length, day) => {
  const filled = fillMonth({ since: `${month}-01T00:00:00.000Z`, days: [{ day, ...used }] }, 'count');
  expect(filled).toEqual([...Array(length - 1).fill(0), 2]);
});

it('counts tokens and roubles as well', () => {
  const month = { since: '2026-02-01T00:00:00.000Z', days: [{ day: '2026-02-01', ...used }] };
  expect([fillMonth(month, 'tokens')[0], fillMonth(month, 'cost')[0]]).toEqual([15, 0.042]);
});
