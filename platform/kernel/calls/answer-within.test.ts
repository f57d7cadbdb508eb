import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { answerWithin } from './answer-within.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('gives the answer or the error that comes in time, and leaves no timer', async () => {
  expect(await answerWithin(10, Promise.resolve('answer'), 'late')).toBe('answer');
  await expect(answerWithin(10, Promise.reject(new Error('no')), 'late')).rejects.toThrow('no');
  expect(vi.getTimerCount()).toBe(0);
});

it('gives the stand-in when the time is over, and no earlier', async () => {
  const seen = vi.fn();
  const told = answerWithin(10, new Promise<never>(() => {}), 'late').then(seen);
  await vi.advanceTimersByTimeAsync(9);
  expect(seen).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  await told;
  expect(seen).toHaveBeenCalledWith('late');
});
