import type { Schemas } from '@pandect/client';
import { expect, it } from 'vitest';
import { append, emptyRing, type LogRing, prepend } from './log-ring.ts';

const lines = (...messages: string[]) => messages.map((message) => ({ message }) as Schemas['ConsoleLogLine']);
const shown = ({ lines: kept }: LogRing) => kept.map(({ line }) => line?.message ?? '…');
const keys = ({ lines: kept }: LogRing) => kept.map(({ key }) => key);

it('keeps the newest lines and says that it dropped others', () => {
  let ring = emptyRing;
  for (const message of ['a', 'b', 'c', 'd']) ring = append(ring, lines(message), false, 3);
  expect([shown(ring), ring.isCut]).toEqual([['b', 'c', 'd'], true]);
  expect(append(emptyRing, lines('a', 'b', 'c'), false, 3).isCut).toBe(false);
});

it('gives every line a key that stays, at both ends', () => {
  let ring = append(emptyRing, lines('c', 'd'));
  const before = keys(ring);
  ring = append(prepend(ring, lines('a', 'b')), lines('e'));
  expect(shown(ring)).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(keys(ring).slice(2, 4)).toEqual(before);
  expect(new Set(keys(ring)).size).toBe(5);
});

it('has no room for older lines when it is full', () => {
  const ring = prepend(append(emptyRing, lines('c', 'd'), false, 3), lines('a', 'b'), 3);
  expect([shown(ring), ring.isCut]).toEqual([['b', 'c', 'd'], true]);
});

it('marks where lines are missing, and stays as it is when nothing came', () => {
  const ring = append(emptyRing, lines('a'));
  expect(shown(append(ring, lines('b'), true))).toEqual(['a', '…', 'b']);
  expect(append(ring, [])).toBe(ring);
});
