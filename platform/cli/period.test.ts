import { expect, it } from 'vitest';
import { period } from './period.ts';

it.each([
  ['45s', 45_000],
  ['90m', 5_400_000],
  ['24h', 86_400_000],
  ['7d', 604_800_000],
])('reads %s', (typed, ms) => {
  expect(period(typed)).toBe(ms);
});

it.each(['', '7', '0h', '-1h', '1.5h', '7 d', '1w', 'yesterday'])('refuses "%s" with examples', (typed) => {
  expect(() => period(typed)).toThrow('a span such as 90m, 24h or 7d');
});
