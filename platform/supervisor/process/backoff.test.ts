import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { CrashBackoff, crashBackoff, crashesLeft, isBackingOff } from './backoff.ts';

it('starts again at once after a first crash, then waits twice as long each time, up to half a minute', () => {
  const waits = Array.from({ length: 12 }, (_, crashes) => crashBackoff(crashes));
  expect(waits).toEqual([0, 0, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000]);
  expect(crashBackoff(10_000)).toBe(30_000);
});

it('is something that no one should wait for from the sixth crash in a row on', () => {
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

it('puts off those that crash soon ever longer, and not those that serve a while in between', () => {
  const waits = (servedSeconds: number) => {
    let crashes = 0;
    return Array.from({ length: 12 }, () => {
      crashes = crashesLeft(crashes, servedSeconds * 1000) + 1;
      return crashBackoff(crashes);
    });
  };
  expect(waits(9).slice(-2)).toEqual([30_000, 30_000]);
  expect(new Set(waits(10))).toEqual(new Set([0]));
  expect([-1, 0, 11, 19, 20, 59, 60, 61].map((seconds) => crashesLeft(9, seconds * 1000))).toEqual([
    9, 9, 8, 8, 7, 4, 3, 0,
  ]);
});

it('tries again when it is time, and not once it has ended', async () => {
  const backoff = new CrashBackoff();
  const tryAgain = vi.fn();
  backoff.putOff(tryAgain);
  await vi.waitFor(() => expect(tryAgain).toHaveBeenCalledTimes(1));
  for (let crash = 2; crash < 4; crash++) backoff.putOff(tryAgain);
  expect(backoff.waitMs).toBe(400);
  backoff.end();
  backoff.putOff(tryAgain);
  expect(backoff.waitMs).toBe(800);
  await sleep(900);
  expect(tryAgain).toHaveBeenCalledTimes(1);
  backoff.reset();
  expect(backoff.waitMs).toBe(0);
});
