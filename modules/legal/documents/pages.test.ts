import { expect, it } from 'vitest';
import type { Notice } from '../reading/index.ts';
import { joinBatches } from './pages.ts';

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
  expect(joinBatches(batches.map((batch) => ({ ...batch, notices: [], recognized: [] })))).toEqual({
    pages: expected,
    notices: [],
    recognized: [],
  });
});

it('joins the places of words, each page once', () => {
  const recognized = (...pages: number[]) => pages.map((page) => ({ page, width: 595, height: 842, words: [] }));
  const batches = [
    { first: 1, pages: ['a', 'b'], notices: [], recognized: recognized(1, 2) },
    { first: 2, pages: ['b', 'c'], notices: [], recognized: recognized(2, 3) },
    { first: 5, pages: ['e'], notices: [], recognized: recognized(5) },
  ];
  expect(joinBatches(batches).recognized.map(({ page }) => page)).toEqual([1, 2, 3]);
});

it('joins the notices of the batches whose pages it takes', () => {
  const notices = (page: number): Notice[] => [{ kind: 'picture-not-read', page }];
  const batches = [1, 2, 4].map((first) => ({ first, pages: ['a'], notices: notices(first), recognized: [] }));
  expect(joinBatches(batches).notices).toEqual([...notices(1), ...notices(2)]);
});
