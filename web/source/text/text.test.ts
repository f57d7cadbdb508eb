import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findMatches } from './find-matches.ts';
import { markedPieces, paragraphAt, paragraphsOf } from './paragraphs.ts';

describe('paragraphsOf', () => {
  it('leaves out line breaks and nothing else, whatever the text', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('\n', 'слово ', '🙂', 'x'.repeat(900), '')), (parts) => {
        const text = parts.join('');
        const paragraphs = paragraphsOf(text);
        expect(paragraphs.map(({ start, end }) => text.slice(start, end)).join('')).toBe(text.replaceAll('\n', ''));
        for (const { start, end } of paragraphs) {
          expect(end - start).toBeLessThanOrEqual(2_000);
          expect(text.slice(start, end).isWellFormed()).toBe(true);
          expect(paragraphs[paragraphAt(paragraphs, start)]).toEqual({ start, end });
        }
      }),
    );
  });
});

describe('markedPieces', () => {
  it('cuts a paragraph at the edges of marks, and shows what was found above what is cited', () => {
    const marks = [
      { start: 0, end: 8, kind: 'cited' as const },
      { start: 6, end: 12, kind: 'found' as const },
    ];
    expect(markedPieces({ start: 4, end: 14 }, marks)).toEqual([
      { start: 4, end: 6, kind: 'cited' },
      { start: 6, end: 8, kind: 'found' },
      { start: 8, end: 12, kind: 'found' },
      { start: 12, end: 14, kind: undefined },
    ]);
  });
});

describe('findMatches', () => {
  it('finds words in any case and over line breaks', () => {
    expect(findMatches('Срок\nаренды. СРОК АРЕНДЫ', ' срок  аренды ')).toEqual([
      { start: 0, end: 11 },
      { start: 13, end: 24 },
    ]);
  });

  it('takes signs as they are, and nothing for no words', () => {
    expect(findMatches('a.c (abc) a*c', 'a.c')).toEqual([{ start: 0, end: 3 }]);
    expect(findMatches('[x', '[x')).toHaveLength(1);
    expect(findMatches('anything', '  ')).toEqual([]);
  });
});
