import { expect, it } from 'vitest';
import { createTurns } from './turns.ts';

/** Work that ends when it is told to. */
function work(log: string[], name: string) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const run = async () => {
    log.push(`${name} begins`);
    await promise;
    log.push(`${name} ends`);
  };
  return { run, end: resolve };
}
const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

it('runs work side by side, and what must be alone alone, without holding others up before', async () => {
  const inTurn = createTurns();
  const log: string[] = [];
  const [first, suspect, second, third] = ['first', 'suspect', 'second', 'third'].map((name) => work(log, name));
  if (!first || !suspect || !second || !third) throw new Error();
  const all = [inTurn(false, first.run), inTurn(true, suspect.run), inTurn(false, second.run)];
  await settle();
  expect(log).toEqual(['first begins', 'second begins']);
  first.end();
  second.end();
  await settle();
  all.push(inTurn(false, third.run));
  await settle();
  expect(log.slice(2)).toEqual(['first ends', 'second ends', 'suspect begins']);
  suspect.end();
  third.end();
  await Promise.all(all);
  expect(log.slice(5)).toEqual(['suspect ends', 'third begins', 'third ends']);
});

it('continues after work that fails', async () => {
  const inTurn = createTurns();
  await expect(inTurn(true, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await inTurn(true, async () => 'next')).toBe('next');
});
