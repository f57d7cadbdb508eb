import { expect, it } from 'vitest';
import { stepParts } from './step-parts.ts';

it('tells commands from words, and names labels', () => {
  const parts = stepParts('`pandect logs {unit}` ends with the reason of "{unit}"; `pandect ps` too');
  expect(parts.map(({ isCode, text }) => [isCode, text])).toEqual([
    [true, 'pandect logs <unit>'],
    [false, ' ends with the reason of "<unit>"; '],
    [true, 'pandect ps'],
    [false, ' too'],
  ]);
  expect(new Set(parts.map(({ at }) => at)).size).toBe(parts.length);
  expect(stepParts('')).toEqual([]);
});
