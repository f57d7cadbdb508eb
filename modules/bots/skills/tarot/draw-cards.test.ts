import { randomInt } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { drawCards, layCards, type RandomInt } from './draw-cards.ts';
import { dailySpread, findSpread, type Spread } from './spreads.ts';

const celtic = findSpread('celtic') as Spread;

/** Mulberry32: the same numbers each time, so that the test of fairness never flickers. */
function seeded(seed: number): RandomInt {
  let state = seed;
  return (min, max) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return min + Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * (max - min));
  };
}

/** Σ (observed − expected)² / expected. */
const chiSquared = (counts: readonly number[]) => {
  const expected = counts.reduce((sum, one) => sum + one, 0) / counts.length;
  return counts.reduce((sum, one) => sum + (one - expected) ** 2 / expected, 0);
};

describe('the draw', () => {
  it('takes every card and orientation equally often: χ² of 78,000 draws below the 99.9 % points', () => {
    const random = seeded(20_261_130);
    const cards = Array<number>(78).fill(0);
    const orientations = [0, 0];
    for (let draw = 0; draw < 78_000; draw += 1) {
      const [{ card, isReversed }] = drawCards(dailySpread, true, random) as [{ card: number; isReversed: boolean }];
      cards[card] = (cards[card] as number) + 1;
      orientations[Number(isReversed)] = (orientations[Number(isReversed)] as number) + 1;
    }
    expect(chiSquared(cards)).toBeLessThan(121.1);
    expect(chiSquared(orientations)).toBeLessThan(10.83);
  });

  it('favours no place of a spread', () => {
    const random = seeded(7);
    const last = Array<number>(78).fill(0);
    for (let draw = 0; draw < 39_000; draw += 1) {
      const { card } = drawCards(celtic, true, random).at(-1) as { card: number };
      last[card] = (last[card] as number) + 1;
    }
    expect(chiSquared(last)).toBeLessThan(121.1);
  });

  it('never draws a card twice (case 55)', () => {
    for (let draw = 0; draw < 2_000; draw += 1) {
      const ids = drawCards(celtic, true, randomInt).map(({ card }) => card);
      expect(new Set(ids).size).toBe(10);
    }
  });

  it('can draw all 78 (case 56)', () => {
    const all: Spread = { ...dailySpread, positions: Array(78).fill(dailySpread.positions[0]) };
    const ids = drawCards(all, true, randomInt).map(({ card }) => card);
    expect(ids.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 78 }, (_, id) => id));
  });

  it('reverses neither the crossing card nor any of a bot that lays none so', () => {
    const always: RandomInt = (_min, max) => max - 1;
    expect(drawCards(celtic, true, always).map(({ isReversed }) => isReversed)).toEqual(
      celtic.positions.map((_, place) => place !== 1),
    );
    expect(drawCards(celtic, false, always).some(({ isReversed }) => isReversed)).toBe(false);
    const named = celtic.positions.map((_, card) => ({ card, isReversed: true }));
    expect(layCards(celtic, true, named)[1]).toEqual({ card: 1, isReversed: false });
    expect(layCards(celtic, false, named).some(({ isReversed }) => isReversed)).toBe(false);
  });
});
