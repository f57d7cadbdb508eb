import { describe, expect, it } from 'vitest';
import { leadOf, stretchesOf } from './marked.ts';
import { readSearch } from './route.ts';

describe('the stretches of a passage', () => {
  const shape = (highlights: [number, number][]) =>
    stretchesOf(
      'rent is due',
      100,
      highlights.map(([start, end]) => ({ start, end })),
    )
      .map(({ text, isMarked }) => (isMarked ? `[${text}]` : text))
      .join('');

  it.each<[[number, number][], string]>([
    [[], 'rent is due'],
    [[[100, 104]], '[rent] is due'],
    [
      [
        [108, 111],
        [100, 104],
      ],
      '[rent] is [due]',
    ],
    [
      [
        [100, 107],
        [105, 111],
      ],
      '[rent is][ due]',
    ],
    [[[90, 102]], '[re]nt is due'],
    [[[200, 210]], 'rent is due'],
  ])('are marked at %j', (highlights, expected) => {
    expect(shape(highlights)).toBe(expected);
  });
});

it('is shown from a word in front of its first highlight, where that is far inside', () => {
  const text = 'word '.repeat(400);
  const from = leadOf(text, 100, [{ start: 1600 }]);
  expect(text.slice(from, from + 5)).toBe('word ');
  expect(1500 - from).toBeGreaterThan(100);
  expect([
    leadOf(text, 100, []),
    leadOf(text, 100, [{ start: 150 }]),
    leadOf('x'.repeat(900), 0, [{ start: 800 }]),
  ]).toEqual([0, 0, 0]);
});

describe('the search in the address', () => {
  it.each([
    [
      { q: 'rent', type: 'contract', language: 'en' },
      { q: 'rent', type: 'contract', language: 'en' },
    ],
    [{ q: 2024 }, { q: '2024' }],
    [{ q: ' ', type: 'x' }, {}],
  ])('%j is read as %j', (search, expected) => {
    expect(readSearch(search)).toEqual(expected);
  });
});
