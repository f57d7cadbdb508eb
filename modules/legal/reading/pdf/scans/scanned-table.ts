import { createTableRows } from '../../markup/table-rows.ts';
import { type Engine, meanConfidence, type PartResult } from '../engine.ts';
import { mendScripts } from '../fonts/mend-scripts.ts';
import type { Grid } from './rules.ts';
import { textOfWords, type WordBox } from './word-boxes.ts';

/**
 * A table of a scan row by row: words belong to the cell whose rules stand around them. Rows without a rule between them
 * are told by the lines of the first column that has the most.
 */
export function readGrid(engine: Engine, { box, rows, columns }: Grid): PartResult {
  const inner = { ...box, left: Math.max(0, box.left), top: Math.max(0, box.top) };
  const { words } = engine.read(inner, 'block');
  const naming = createTableRows();
  const lines: string[] = [];
  for (const [index, top] of rows.slice(0, -1).entries()) {
    const bottom = rows[index + 1] as number;
    const inRow = words.filter((word) => isWithin(middle(word.top, word.bottom), top, bottom));
    const edges = columns
      .filter((rule) => rule.top < bottom - (bottom - top) * 0.3 && rule.bottom > top + (bottom - top) * 0.3)
      .map(({ left }) => left)
      .sort((a, b) => a - b);
    for (const row of rowsWithin(inRow, edges)) {
      const cells = row.map((cell) => ({ lines: [mendScripts(textOfWords(cell)).replaceAll(/\s*\n+\s*/g, ' ')] }));
      lines.push(...naming.row({ cells }));
    }
  }
  return { words, text: lines.join('\n'), confidence: meanConfidence(words) };
}

/** The words of a row by its columns; several rows where no rule parts them. */
function rowsWithin(words: readonly WordBox[], edges: readonly number[]): WordBox[][][] {
  const columnOf = (word: WordBox) => edges.filter((edge) => middle(word.left, word.right) > edge).length;
  const cells = Array.from({ length: edges.length + 1 }, (_, column) =>
    words.filter((word) => columnOf(word) === column),
  );
  const lines = cells.map(linesOf);
  const counts = lines.map((each) => each.length).filter((count) => count > 0);
  const count = Math.max(0, ...counts);
  // Every column has as many lines, at the same heights: each of them is a row.
  const isSeveral = count > 1 && counts.length === cells.length && counts.every((each) => each === count);
  if (!isSeveral) return words.length === 0 ? [] : [lines.map((each) => each.flat())];
  return Array.from({ length: count }, (_, row) => lines.map((each) => each[row] ?? []));
}

/** Words one above the other as lines, from the top. */
function linesOf(words: readonly WordBox[]): WordBox[][] {
  const lines: WordBox[][] = [];
  for (const word of words.toSorted((a, b) => a.top - b.top)) {
    const line = lines.find(([first]) => first && isWithin(middle(word.top, word.bottom), first.top, first.bottom));
    if (line) line.push(word);
    else lines.push([word]);
  }
  return lines.map((line) => line.toSorted((a, b) => a.left - b.left));
}

const middle = (from: number, to: number) => (from + to) / 2;
const isWithin = (place: number, from: number, to: number) => place >= from && place < to;
