import type { Span } from '../../text/index.ts';

export const cellBar = /\S \| \S/;
const serialNumber = /^(\d{1,6})\s+(?=\S)/;

/** Whether the line below, by its number without a stop, is the next row of a table that nothing else marks as one. */
export function isNextRow(above: string, below: string): boolean {
  const [first, second] = [above, below].map((line) => serialNumber.exec(line)?.[1]);
  return first !== undefined && second !== undefined && Number(second) === Number(first) + 1;
}

/** Which of these pieces of a text, in order, are rows of tables: cells parted by bars, or numbered lines. */
export function rowsAmong(pieces: readonly string[]): boolean[] {
  return pieces.map((piece, index) => {
    const [before = '', after = ''] = [pieces[index - 1], pieces[index + 1]];
    return cellBar.test(piece) || isNextRow(before, piece) || isNextRow(piece, after);
  });
}

/** The part of an article that begins with this number («2. …», «2) …», "(2) …"), up to the next one. */
export function numberedPart(text: string, number: string): Span | undefined {
  const parts = numberedParts(text);
  const index = parts.findIndex((part) => part.number === number);
  const start = parts[index]?.start;
  return start === undefined ? undefined : { start, end: parts[index + 1]?.start ?? text.length };
}

/** The numbered lines of a text as far as they count on from 1, in order. */
export function numberedParts(text: string): { number: string; start: number }[] {
  const found: { number: string; start: number }[] = [];
  for (const match of text.matchAll(/^[ \t]{0,12}\(?(\d{1,2})(?:\.|\))(?=\s)/gm)) {
    if (Number(match[1]) === found.length + 1) found.push({ number: match[1] as string, start: match.index });
  }
  return found;
}
