import { expect, it } from 'vitest';
import { chooseUnits } from './choose-units.ts';

const chunk = (documentId: string, unitStart: number, score: number) => ({
  ...{ documentId, unitStart, unitEnd: unitStart + 10, score },
});
const shown = (units: ReturnType<typeof chunk>[]) => units.map(({ documentId, unitStart }) => documentId + unitStart);
const ranked = [
  chunk('a', 0, 9),
  chunk('a', 0, 8),
  chunk('a', 10, 7),
  chunk('a', 20, 6),
  chunk('a', 30, 5),
  chunk('b', 0, 4),
];

it('gives each unit once, with its best chunk', () => {
  expect(shown(chooseUnits(ranked, 10, false))).toEqual(['a0', 'a10', 'a20', 'a30', 'b0']);
  expect(chooseUnits(ranked, 1, false)[0]?.score).toBe(9);
});

it('puts the fourth unit of a document behind other documents where these are to have their turn', () => {
  expect(shown(chooseUnits(ranked, 10, true))).toEqual(['a0', 'a10', 'a20', 'b0', 'a30']);
  expect(shown(chooseUnits(ranked, 4, true))).toEqual(['a0', 'a10', 'a20', 'b0']);
});
