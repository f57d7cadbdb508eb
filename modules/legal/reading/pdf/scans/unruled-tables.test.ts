import { describe, expect, it } from 'vitest';
import { textWithTables } from './unruled-tables.ts';
import { textOfWords, type WordBox } from './word-boxes.ts';

/** Words of lines 60 pixels apart, each [left, text], with letters 20 pixels wide and 40 high. */
const read = (...lines: [number, string][][]) => {
  const words = lines.flatMap((line, row) =>
    line.flatMap(([left, text]): WordBox[] => {
      let at = left;
      return text.split(' ').map((word) => {
        const box = { left: at, top: row * 60, right: at + word.length * 20, bottom: row * 60 + 40 };
        at = box.right + 20;
        return { ...box, text: word, confidence: 90, line: String(row), paragraph: '1' };
      });
    }),
  );
  return textWithTables({ words, text: textOfWords(words), confidence: 90 });
};

describe('a scanned table without rules', () => {
  it('has a line for each row, with what wraps in its cell', () => {
    expect(
      read(
        [[0, 'The goods are these']],
        [
          [0, 'Goods'],
          [500, 'Delivery'],
          [900, 'Price'],
        ],
        [
          [0, 'Table'],
          [500, 'in March'],
          [900, '12 000'],
        ],
        [
          [0, 'Chair'],
          [500, 'in April'],
          [900, '8 700'],
        ],
        [[0, 'The Buyer pays at once']],
      ),
    ).toEqual({
      text: [
        'The goods are these',
        'Goods | Delivery | Price\nGoods: Table | Delivery: in March | Price: 12 000\nGoods: Chair | Delivery: in April | Price: 8 700',
        'The Buyer pays at once',
      ].join('\n\n'),
      isUnclear: false,
    });
  });

  it('is told of where its columns cannot be distinguished', () => {
    const row = (shift: number, ...cells: string[]): [number, string][] =>
      cells.map((cell, column) => [column * 400 + shift * column, cell]);
    const { text, isUnclear } = read(
      row(0, 'Oak', '15', '12', '7'),
      row(190, 'Ash', '40', '35'),
      row(0, 'Elm', '9', '8', '6'),
      row(150, 'Fir', '2', '1'),
      row(0, 'Yew', '4', '5', '1'),
    );
    expect(text).toContain('Oak');
    expect(isUnclear).toBe(true);
  });

  it('is no paragraph of prose', () => {
    const prose = Array.from({ length: 6 }, (): [number, string][] => [
      [0, 'The Tenant pays the rent of the house in time'],
    ]);
    expect(read(...prose)).toMatchObject({ isUnclear: false, text: expect.not.stringContaining('|') });
  });
});
