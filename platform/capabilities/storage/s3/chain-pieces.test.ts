import { describe, expect, it } from 'vitest';
import { chainPieces, coveredBytes } from './chain-pieces.ts';

const pieces = (...ranges: [start: number, end: number][]) => ranges.map(([start, end]) => ({ start, end }));
const chained = (...ranges: [start: number, end: number][]) =>
  [...chainPieces(pieces(...ranges))].map(({ piece: { start, end }, from }) => [start, end, from]);

describe('chainPieces', () => {
  it.each([
    [[], []],
    [[[1, 2]], []],
    [
      [
        [3, 6],
        [0, 3],
        [8, 9],
      ],
      [
        [0, 3, 0],
        [3, 6, 0],
      ],
    ],
    [
      [
        [0, 2],
        [0, 6],
        [1, 4],
        [4, 9],
        [5, 12],
        [12, 13],
      ],
      [
        [0, 6, 0],
        [5, 12, 1],
        [12, 13, 0],
      ],
    ],
  ] as [[number, number][], number[][]][])('of %j takes each that reaches furthest, up to a gap', (given, expected) => {
    expect(chained(...given)).toEqual(expected);
  });

  it('looks at each of many pieces a few times and no more', () => {
    let looks = 0;
    const count = 20_000;
    const many = Array.from({ length: count }, (_, at) => ({
      get start() {
        looks++;
        return at;
      },
      end: at + 1,
    }));
    expect(coveredBytes(many)).toBe(count);
    expect(looks).toBeLessThan(50 * count);
  });
});
