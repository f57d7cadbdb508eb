import type { RecognizedPage } from '../../contract.ts';

/** Of a page. */
const mostWords = 4_000;
/** In points: the largest page of a PDF has 14,400. */
const largestSide = 20_000;

/**
 * Word places as a parser process tells them. That process has read a hostile file, so nothing that it says is taken for
 * granted.
 * @param page from 1
 * @param length of its text
 * @returns undefined where there are none, or where one is malformed
 */
export function readPlaces(given: unknown, page: number, length: number): RecognizedPage | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  const { width, height, words } = given as Partial<RecognizedPage>;
  if (!isSide(width) || !isSide(height) || !Array.isArray(words)) return undefined;
  if (words.length === 0 || words.length % 6 !== 0 || words.length > mostWords * 6) return undefined;
  for (let at = 0; at < words.length; at += 6) {
    const [start, end, ...box] = words.slice(at, at + 6) as unknown[];
    if (!isWithin(start, length) || !isWithin(end, length) || start >= end) return undefined;
    if (!box.every((each) => isWithin(each, largestSide * 10))) return undefined;
  }
  return { page, width, height, words: words as number[] };
}

const isSide = (value: unknown): value is number => typeof value === 'number' && value > 0 && value <= largestSide;
const isWithin = (value: unknown, most: number): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most;
