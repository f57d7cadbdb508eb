import { expect, it } from 'vitest';
import { remember } from './remember.ts';

function counted(most: number) {
  const asked: string[] = [];
  const answer = remember(most, (text) => {
    asked.push(text);
    return text.length;
  });
  return { asked, answer };
}

it('asks once for what comes again', () => {
  const { asked, answer } = counted(10);
  expect(['one', 'three', 'one', '', ''].map(answer)).toEqual([3, 5, 3, 0, 0]);
  expect(asked).toEqual(['one', 'three', '']);
});

it('keeps no more than it may', () => {
  const { asked, answer } = counted(2);
  for (const text of ['a', 'b', 'c', 'c', 'a']) answer(text);
  expect(asked).toEqual(['a', 'b', 'c', 'a']);
});

it('keeps no long text', () => {
  const { asked, answer } = counted(10);
  const long = 'x'.repeat(1_000);
  expect([answer(long), answer(long)]).toEqual([1_000, 1_000]);
  expect(asked).toHaveLength(2);
});
