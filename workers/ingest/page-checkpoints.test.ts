import { expect, it } from 'vitest';
import { joinBatches } from './page-checkpoints.ts';

it.each([
  ['nothing', [], []],
  [
    'batches in order',
    [
      { first: 1, pages: ['a', 'b'] },
      { first: 3, pages: ['c'] },
    ],
    ['a', 'b', 'c'],
  ],
  [
    'only what is before a gap',
    [
      { first: 1, pages: ['a'] },
      { first: 3, pages: ['c'] },
    ],
    ['a'],
  ],
  ['nothing without the first page', [{ first: 2, pages: ['b'] }], []],
  [
    'overlapping batches, each page once',
    [
      { first: 1, pages: ['a', 'b', 'c'] },
      { first: 2, pages: ['b', 'c', 'd'] },
      { first: 3, pages: ['c'] },
    ],
    ['a', 'b', 'c', 'd'],
  ],
])('joins %s', (_, batches, expected) => {
  expect(joinBatches(batches)).toEqual(expected);
});
