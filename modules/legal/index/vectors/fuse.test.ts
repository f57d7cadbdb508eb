import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuse } from './fuse.ts';

const items = (lists: string[][], limit = 10) => fuse(lists, limit).map(({ item }) => item);

describe('fuse', () => {
  it('puts what both lists hold before what only one holds', () => {
    expect(
      items([
        ['a', 'b', 'c'],
        ['x', 'c', 'y'],
      ]),
    ).toEqual(['c', 'a', 'x', 'b', 'y']);
  });

  it('sums 1 / (60 + place)', () => {
    expect(fuse([['a', 'b'], ['b']], 2)).toEqual([
      { item: 'b', score: 1 / 62 + 1 / 61 },
      { item: 'a', score: 1 / 61 },
    ]);
  });

  it('keeps the order of the lists among equals', () => {
    expect(
      items([
        ['a', 'b'],
        ['c', 'd'],
      ]),
    ).toEqual(['a', 'c', 'b', 'd']);
  });

  it('gives nothing for no lists, empty lists or no room', () => {
    expect(fuse([], 5)).toEqual([]);
    expect(items([[], []])).toEqual([]);
    expect(items([['a']], 0)).toEqual([]);
  });

  it('gives each item once, best first, and keeps the order of a single list', () => {
    const list = fc.uniqueArray(fc.integer());
    fc.assert(
      fc.property(fc.array(list), fc.nat(20), (lists, limit) => {
        const fused = fuse(lists, limit);
        expect(new Set(fused.map(({ item }) => item)).size).toBe(fused.length);
        expect(fused.length).toBe(Math.min(limit, new Set(lists.flat()).size));
        for (const [index, { score }] of fused.slice(1).entries())
          expect(score).toBeLessThanOrEqual(fused[index]?.score ?? 0);
      }),
    );
    fc.assert(
      fc.property(list, (only) => {
        expect(fuse([only], only.length).map(({ item }) => item)).toEqual(only);
      }),
    );
  });
});
