import { describe, expect, it } from 'vitest';
import { readAnswer as readInApp } from '../../../web/screens/ask/read-answer.ts';
import { type AnswerBlock, readAnswer as readInExports } from './read-answer.ts';

/** Blocks in short: `* ` for bold words, `(1)` for notes. */
const short = (blocks: AnswerBlock[]) =>
  blocks.map(({ kind, label, pieces }) => [
    kind,
    label,
    pieces
      .map((piece) => (piece.kind === 'note' ? `(${piece.number})` : piece.isBold ? `<${piece.text}>` : piece.text))
      .join(''),
  ]);

// The app may know no module, so each has its own; an export must read an answer as the app shows it.
describe.each([
  { place: 'exports', readAnswer: readInExports },
  { place: 'the app', readAnswer: readInApp },
])('readAnswer in $place', ({ readAnswer }) => {
  it('reads paragraphs, lists, headings, bold words and notes', () => {
    const answer = [
      '## Срок',
      'The term is **five years [1]** [2].',
      'Second line',
      '',
      '1. Rent: 500 [2]',
      '   and its tax',
      '2) Other',
      '- item',
    ].join('\n');
    expect(short(readAnswer(answer, 2))).toEqual([
      ['heading', '', 'Срок'],
      ['paragraph', '', 'The term is <five years >(1) (2).\nSecond line'],
      ['item', '1.', 'Rent: 500 (2)\nand its tax'],
      ['item', '2)', 'Other'],
      ['item', '•', 'item'],
    ]);
  });

  it.each([
    ['a half **bold', 'a half **bold'],
    ['a half [1', 'a half [1'],
    ['[3] of two, [0], [x]', '[3] of two, [0], [x]'],
    ['2 ** 3 ** 4', '2 ** 3 ** 4'],
    ['<b>bold</b> & <script>', '<b>bold</b> & <script>'],
  ])('leaves %j as it is', (answer, text) => {
    expect(short(readAnswer(answer, 2))).toEqual([['paragraph', '', text]]);
  });

  it('takes a long line of stars in no time', () => {
    const began = performance.now();
    readAnswer('**a'.repeat(20_000), 1);
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  it('has no blocks for nothing', () => {
    expect(readAnswer(' \n\n', 0)).toEqual([]);
  });
});
