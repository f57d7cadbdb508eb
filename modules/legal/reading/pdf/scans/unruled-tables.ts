import type { PartResult } from '../engine.ts';
import { mendScripts } from '../fonts/mend-scripts.ts';
import { readTables } from '../pages/page-tables.ts';
import type { LinePart, RunLine } from '../pages/run-lines.ts';
import { textOfWords, type WordBox } from './word-boxes.ts';

/*
 * Tables of a scan that no rules part. Recognition reads them column by column or line by line, as it comes: words are put
 * into lines by where they stand, and wide gaps part the cells, as on pages with text.
 */

/** Between cells, in heights of the letters. */
const wideGap = 1.6;
/** So many lines in a row with as many gaps are a table, whether its columns are known or not. */
const unclearLines = 3;
const unclearParts = 3;

/** The text of a part with the rows of tables in their order. */
export function textWithTables({ words, text }: PartResult): { text: string; isUnclear: boolean } {
  const { lines } = readTables(linesOf(words));
  const tables = lines.filter(({ bottom }) => bottom !== undefined);
  const isUnclear = looksLikeTable(lines);
  if (tables.length === 0) return { text, isUnclear };
  const pieces: string[] = [];
  let from = Number.NEGATIVE_INFINITY;
  for (const { down = 0, bottom = down, size, text: rows } of tables) {
    const top = down - size / 2;
    pieces.push(textOfWords(words.filter((word) => middle(word) > from && middle(word) < top)), rows);
    from = bottom + size / 2;
  }
  pieces.push(textOfWords(words.filter((word) => middle(word) > from)));
  const filled = pieces.map((piece) => mendScripts(piece).trim()).filter((piece) => piece !== '');
  return { text: filled.join('\n\n'), isUnclear };
}

const middle = ({ top, bottom }: WordBox) => (top + bottom) / 2;

function looksLikeTable(lines: readonly RunLine[]): boolean {
  let inRow = 0;
  for (const { parts, bottom } of lines) {
    inRow = parts.length >= unclearParts && bottom === undefined ? inRow + 1 : 0;
    if (inRow === unclearLines) return true;
  }
  return false;
}

/** Words in lines by their heights, from the top, each line in parts where its words stand far apart. */
function linesOf(words: readonly WordBox[]): RunLine[] {
  const lines: WordBox[][] = [];
  for (const word of words.toSorted((a, b) => middle(a) - middle(b))) {
    const [first] = lines.at(-1) ?? [];
    if (first && middle(word) - middle(first) < (first.bottom - first.top) * 0.6) lines.at(-1)?.push(word);
    else lines.push([word]);
  }
  return lines.map((line) => toLine(line.toSorted((a, b) => a.left - b.left)));
}

function toLine(words: readonly WordBox[]): RunLine {
  const mean = (of: (word: WordBox) => number) => words.reduce((sum, word) => sum + of(word), 0) / words.length;
  const [size, down] = [mean(({ top, bottom }) => bottom - top), mean(middle)];
  const parts: LinePart[] = [];
  for (const { text, left, right } of words) {
    const last = parts.at(-1);
    if (last && left - last.end < size * wideGap) {
      last.text += ` ${text}`;
      last.end = right;
    } else parts.push({ text, along: left, end: right, down, size });
  }
  return { parts, text: words.map(({ text }) => text).join(' '), down, size };
}
