import { expect, it } from 'vitest';
import { crashBackoff, isBackingOff } from './backoff.ts';

it('starts again at once after a first crash, then waits twice as long each time, up to half a minute', () => {
  const waits = Array.from({ length: 12 }, (_, crashes) => crashBackoff(crashes));
  expect(waits).toEqual([0, 0, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000]);
  expect(crashBackoff(10_000)).toBe(30_000);
});

it('is something that nobody should wait for from the sixth crash in a row on', () => {
  expect([0, 1, 2, 3, 4, 5].map((crashes) => isBackingOff(crashBackoff(crashes)))).toEqual([
    false,
    false,
    false,
    false,
    false,
    false,
  ]);
  expect([6, 7, 100].map((crashes) => isBackingOff(crashBackoff(crashes)))).toEqual([true, true, true]);
});
