import { describe, expect, it } from 'vitest';
import { layOutLines, type PdfPiece, wordsOfPieces } from './pdf-lines.ts';

/** Every character is one point wide. */
const measure = { word: ({ text }: { text: string }) => [...text].length, space: 1 };
const lines = (pieces: PdfPiece[] | string, width: number, isRightToLeft = false) => {
  const words = wordsOfPieces(typeof pieces === 'string' ? [{ text: pieces }] : pieces);
  return layOutLines(words, { width, isRightToLeft, measure }).map((line) => {
    const cells = Array.from({ length: width }, () => ' ');
    for (const { text, x } of line) for (const [index, character] of [...text].entries()) cells[x + index] = character;
    return cells.join('').trimEnd();
  });
};

describe('layOutLines', () => {
  it('breaks lines at spaces and line ends, and words that are too long', () => {
    expect(lines('one two three\nfour', 8)).toEqual(['one two', 'three', 'four']);
    expect(lines('abcdefghijkl', 5)).toEqual(['abcde', 'fghij', 'kl']);
    expect(lines('', 5)).toEqual([]);
  });

  it('keeps spaces between pieces as they are', () => {
    const pieces = [
      { text: 'The term is ' },
      { text: 'five', isBold: true },
      { text: '[1]', note: 1 },
      { text: ' years' },
    ];
    expect(lines(pieces, 40)).toEqual(['The term is five[1] years']);
  });

  it('turns words from right to left, also within others', () => {
    expect(lines('see אב גד now', 20)).toEqual(['see גד אב now']);
    expect(lines('אב see now גד', 20, true)).toEqual(['       גד see now אב']);
    expect(lines('אב גד הו', 6, true)).toEqual([' גד אב', '    הו']);
  });
});
