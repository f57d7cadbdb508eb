/** How a numbered clause is written; keyword units («Статья 5», "Section 2") and plain headings have styles of their own. */
export type MarkStyle =
  | 'unit' // Глава, Статья, Article, Exhibit …
  | 'decimal' // 1. · 1.1 · 1.1.1
  | 'roman' // IV.
  | 'capital' // A.
  | 'letter' // a.
  | 'bracket-letter' // (a) · a) · а)
  | 'bracket-roman' // (ii)
  | 'bracket-capital' // (A)
  | 'bracket-number' // (1) · 1)
  | 'plain' // GOVERNING LAW
  | 'contents'; // a table of contents

/** A place in the text where a legal unit begins. */
export interface Mark {
  style: MarkStyle;
  start: number;
  /** Behind the heading's last character. */
  end: number;
  /** Of units: how far outside they stand, see `ranks`. Of other marks it follows from their numbers and neighbours. */
  rank?: number;
  /** The figures of its number: 12.3 is [12, 3], «Статья 8.1» [8, 1], (c) [3]; of plain headings none. */
  number: number[];
  /** Number and title as one line, at most 160 characters. */
  label: string;
  /** Whether it has words of its own and not only a number. */
  titled: boolean;
  /** It stands in the middle of a line, so it counts only where its number is the one to come. */
  inline: boolean;
}

/** The ladder, from the outside inwards. */
export const ranks = {
  code: 0,
  annex: 1,
  part: 2,
  division: 3,
  subdivision: 4,
  chapter: 5,
  paragraph: 6,
  article: 7,
  section: 8,
};

const longestLabel = 160;

export const toLabel = (...parts: string[]): string =>
  parts
    .filter((part) => part !== '')
    .join(' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/[.:;,]$/, '')
    .slice(0, longestLabel)
    .toWellFormed();

const romanValues: Record<string, number> = { i: 1, v: 5, x: 10, l: 50, c: 100 };

/** The value of a Roman number, 0 for what is none in its usual form. */
export function romanValue(written: string): number {
  const small = written.toLowerCase();
  if (!/^(?:c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})$/.test(small)) return 0;
  const values = Array.from(small, (sign) => romanValues[sign] ?? 0);
  return values.reduce((sum, value, index) => sum + (value < (values[index + 1] ?? 0) ? -value : value), 0);
}

const alphabets = ['abcdefghijklmnopqrstuvwxyz', 'абвгдежзиклмнопрстуфхцчшщэюя'];

/** The place of a letter in its alphabet, from 1; 0 for none. */
export function letterValue(letter: string): number {
  const small = letter.toLowerCase();
  return Math.max(...alphabets.map((alphabet) => alphabet.indexOf(small) + 1));
}

/** 12.3 as [12, 3], 15¹ and «15 прим.» as [15, 1]; a last 0 names the section itself: 1.0 is [1]. */
export function decimalNumber(written: string): number[] {
  const number = written
    .replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹]+/, (raised) => `.${raised.normalize('NFKC')}`)
    .replace(/\^\(([\d.]+)\)|<(\d+)>/, '.$1$2')
    .replace(/\sприм\.?\s?(\d*)/, (_, sign: string) => `.${sign || 1}`)
    .split(/[.-]/)
    .filter((part) => part !== '')
    .map(Number);
  return number.length > 1 && number.at(-1) === 0 ? number.slice(0, -1) : number;
}
