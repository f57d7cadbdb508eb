import { describe, expect, it } from 'vitest';
import { directedPieces, isRightToLeft, printable } from './printable.ts';

describe('printable', () => {
  it.each([
    ['a\r\nb\rc\u2028d', 'a\nb\nc\nd'],
    ['a\u0000\u001b[31mb\u0085', 'a[31mb'],
    ['\u202egnp.exe\u2066', 'gnp.exe'],
    ['half \ud83d', 'half \ufffd'],
    ['\tЦена: 5\u00a0₽ 👍🏽', '\tЦена: 5\u00a0₽ 👍🏽'],
  ])('makes %j %j', (text, expected) => {
    expect(printable(text)).toBe(expected);
  });
});

describe('the direction of text', () => {
  it('is that of its first letter', () => {
    expect(['12 שלום', 'Hi שלום', '12', ''].map(isRightToLeft)).toEqual([true, false, false, false]);
  });

  it('changes with letters only', () => {
    expect(directedPieces('«a» שלום 5, ok')).toEqual([
      { text: '«a» ', isRightToLeft: false },
      { text: 'שלום 5, ', isRightToLeft: true },
      { text: 'ok', isRightToLeft: false },
    ]);
    expect(directedPieces('')).toEqual([]);
  });
});
