import { expect, it, vi } from 'vitest';
import { createPrompt } from './prompt.ts';

it('is asked once for all who wait, and tells its followers', async () => {
  const prompt = createPrompt();
  const changed = vi.fn();
  const leave = prompt.subscribe(changed);
  const waiting = [prompt.ask(), prompt.ask()];
  expect([prompt.open, changed.mock.calls.length]).toEqual([true, 1]);
  prompt.answer(true);
  expect(await Promise.all(waiting)).toEqual([true, true]);
  expect([prompt.open, changed.mock.calls.length]).toEqual([false, 2]);
  leave();
  prompt.ask();
  expect(changed).toHaveBeenCalledTimes(2);
});

it('is asked again after an answer, and takes no answer unasked', async () => {
  const prompt = createPrompt();
  prompt.answer(true);
  const first = prompt.ask();
  prompt.answer(false);
  const second = prompt.ask();
  prompt.answer(true);
  expect(await Promise.all([first, second])).toEqual([false, true]);
});
