import { marksOfLine } from '../structure/line-marks.ts';
import { type EdgeLine, edgeLine, removePageNumbers } from './page-numbers.ts';

/*
 * Headers and footers are no part of a document's text, as printed page numbers are not. One is told by coming again: the
 * same line outermost at the top or bottom of many pages, figures apart when they count the pages or its words are the
 * same throughout. A heading that merely looks like the one on the page before («Статья 5», «Статья 6») is none.
 */

const LEAST_PAGES = 3;
/** Left and right pages may have headers of their own. */
const LEAST_SHARE = 0.4;
/** Lines a header or footer may have. */
const MOST_LINES = 4;

/** The pages without running headers, footers and printed page numbers; unchanged when there are none to be sure of. */
export function removeRunningLines(pages: readonly string[]): string[] {
  let rest = removePageNumbers(pages);
  for (let round = 0; round < MOST_LINES; round += 1) {
    const before = rest;
    for (const place of ['first', 'last'] as const) rest = removeRepeated(rest, place);
    if (rest.every((page, index) => page === before[index])) break;
    rest = removePageNumbers(rest);
  }
  return rest;
}

function removeRepeated(pages: string[], place: 'first' | 'last'): string[] {
  const lines = pages.map((page) => edgeLine(page, place));
  const filled = lines.filter((line) => line !== undefined).length;
  const least = Math.max(LEAST_PAGES, filled * LEAST_SHARE);
  const running = commonKeys(lines, least);
  return pages.map((page, index) => {
    const line = lines[index];
    if (line === undefined) return page;
    return keysOf(line, index).some((key) => running.has(key))
      ? page.slice(0, line.start) + page.slice(line.end)
      : page;
  });
}

/** The keys that enough pages have. */
function commonKeys(lines: (EdgeLine | undefined)[], least: number): Set<string> {
  const counts = new Map<string, number>();
  for (const [index, line] of lines.entries()) {
    for (const key of line === undefined ? [] : keysOf(line, index)) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return new Set([...counts].filter(([, count]) => count >= least).map(([key]) => key));
}

const longestLine = 200;
const mostFigures = 4;

/**
 * The line itself, and its words with, for each figure, how far it is from the page's own number: for one that counts the
 * pages that is always the same.
 */
function keysOf(line: EdgeLine, index: number): string[] {
  if (line.text.length > longestLine) return [];
  const exact = line.text.replaceAll(/\s+/g, ' ').trim().toLowerCase();
  const figures = exact.match(/\d{1,5}/g)?.slice(0, mostFigures) ?? [];
  const [mark] = figures.length === 0 ? [] : marksOfLine(line.text, 0, line.text.length);
  if (!/\p{L}/u.test(exact) || (mark !== undefined && mark.style !== 'plain')) return [exact];
  const words = exact.replaceAll(/\d+/g, '#');
  return [exact, ...figures.map((figure, at) => `${words}|${at}|${Number(figure) - index}`)];
}
