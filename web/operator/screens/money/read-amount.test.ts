import { expect, it } from 'vitest';
import { readAmount } from './read-amount.ts';

it.each([
  ['5000', 500_000],
  ['5 000,5', 500_050],
  ['5 000.05 ₽', 500_005],
  ['0', 0],
])('reads %j as %i kopecks', (text, kopecks) => {
  expect(readAmount(text)).toBe(kopecks);
});

it.each(['', '-5', '1,234,567', '5.001', '5e3', 'five', '99999999999999999999'])('refuses %j', (text) => {
  expect(readAmount(text)).toBeUndefined();
});
