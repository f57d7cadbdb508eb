import { readTables } from './page-tables.ts';
import { type RunLine, runLines } from './run-lines.ts';
import type { TextRun } from './text-run.ts';

/** Lines this much further apart than usual on the page begin a paragraph. */
const paragraphGap = 1.25;

/**
 * The text of a page in the order in which it was written, one line each, a blank line where the gap is wider than
 * usual. A soft hyphen inside a line is printed, so it is a hyphen; at a line's end it stays for `normalizeText` to join.
 */
export const pageLines = (items: readonly (TextRun | object)[]): string => readPageLines(items).text;

/** The same, and whether it holds a table whose columns are not known. */
export function readPageLines(items: readonly (TextRun | object)[]): { text: string; hasUnclearTable: boolean } {
  const all = runLines(items);
  const usual = usualGap(all);
  const { lines, isUnclear } = readTables(all);
  let text = '';
  let above: number | undefined;
  for (const line of lines) {
    const gap = above === undefined || line.down === undefined ? 0 : line.down - above;
    if (text !== '') text += gap > usual * paragraphGap || gap < -usual * paragraphGap ? '\n\n' : '\n';
    text += line.text;
    above = line.bottom ?? line.down ?? above;
  }
  return { text, hasUnclearTable: isUnclear };
}

function usualGap(lines: RunLine[]): number {
  const gaps: number[] = [];
  for (const [index, line] of lines.entries()) {
    const above = lines[index - 1]?.down;
    if (above !== undefined && line.down !== undefined && line.down > above) gaps.push(line.down - above);
  }
  return gaps.sort((a, b) => a - b)[Math.floor((gaps.length - 1) / 2)] ?? Number.POSITIVE_INFINITY;
}
