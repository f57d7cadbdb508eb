import { expect, it } from 'vitest';
import { formatBytes } from './bytes.ts';
import { formatMoney } from './money.ts';

const spaced = (text: string) => text.replace(/\s/gu, ' ');

it.each([
  [0, '0 B', '0 Б'],
  [1023, '1,023 B', '1 023 Б'],
  [3_565_158, '3.4 MB', '3,4 МБ'],
  [5 * 1024 ** 4, '5 TB', '5 ТБ'],
  [5 * 1024 ** 5, '5,120 TB', '5 120 ТБ'],
])('writes %i bytes', (bytes, en, ru) => {
  expect(spaced(formatBytes('en', bytes))).toBe(en);
  expect(spaced(formatBytes('ru', bytes))).toBe(ru);
});

it('writes kopecks as roubles, without them where they are none', () => {
  expect(spaced(formatMoney('ru', 500_000))).toBe('5 000 ₽');
  expect(spaced(formatMoney('ru', 1_050))).toBe('10,50 ₽');
  expect(spaced(formatMoney('en', 123_456))).toContain('1,234.56');
});
