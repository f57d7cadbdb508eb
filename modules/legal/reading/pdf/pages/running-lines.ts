import { marksOfLine } from '../../../structure/line-marks.ts';
import { type EdgeLine, edgeLine, removePageNumbers } from './page-numbers.ts';

/*
 * Headers and footers are no part of a document's text, as printed page numbers are not. One is told by coming again: the
 * same line outermost at the top or bottom of many pages, or the same words with the number of the page. A heading that
 * merely looks like the one on the page before («Статья 5», «Приложение № 2», «Счёт 3») is none, and what a document is
 * called, or a part of it, stays where it comes first.
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
  const named = new Set<string>();
  return pages.map((page, index) => {
    const line = lines[index];
    const key = line && keysOf(line, index).find((each) => running.has(each));
    if (line === undefined || key === undefined) {
      // The next annex may be called the same: what begins behind other pages is another one.
      for (const each of named) if (beginsUnit(each)) named.delete(each);
      return page;
    }
    const rest = page.slice(0, line.start) + page.slice(line.end);
    const isName = !named.has(key) && (beginsUnit(key) || (place === 'first' && isTitle(key, rest)));
    named.add(key);
    return isName ? page : rest;
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
 * The line itself, and its words with, for each figure that may count the pages, how far it is from the page's own number:
 * for one that does that is always the same.
 */
function keysOf(line: EdgeLine, index: number): string[] {
  if (line.text.length > longestLine) return [];
  const exact = line.text.replaceAll(/\s+/g, ' ').trim();
  const key = exact.toLowerCase();
  if (!/\p{L}/u.test(key) || beginsUnit(exact)) return [key];
  const words = key.replaceAll(/\d+/g, '#');
  const figures = [...key.matchAll(/\d{1,5}/g)].slice(0, mostFigures);
  const counting = figures.filter(({ 0: figure, index: at }) => countsPages(key, at, figure.length));
  return [key, ...counting.map(({ 0: figure, index: at }) => `${words}|${at}|${Number(figure) - index}`)];
}

const pageBefore = /(?:page|pg\.?|p\.|стр(?:аница|\.)?|лист|л\.|с\.)\s?[-–—]?\s?$/u;
const apartBefore = /(?:^|[|•·–—/\t-]|\s{2})\s?$/u;
const numberedThing = /(?:№|no\.?|nr\.?|#|\d[.,:/-])\s?$/u;

/** Whether a figure may be the page's: called so, apart from the words, or behind a name of some words. */
function countsPages(line: string, at: number, length: number): boolean {
  const [before, behind] = [line.slice(0, at), line.slice(at + length)];
  if (numberedThing.test(before)) return false;
  if (pageBefore.test(before) || /^\s?(?:of|из|\/)\s?\d/u.test(behind)) return true;
  if (behind === '') return apartBefore.test(before) || before.trim().split(' ').length >= 3;
  return before === '' && /^\s?[|•·–—/-]|^\s(?:\S+\s){2}/u.test(behind);
}

/** A line at the very beginning of a text would be its name; behind another it may begin a unit. */
function beginsUnit(line: string): boolean {
  const text = `.\n${line.charAt(0).toUpperCase()}${line.slice(1)}`;
  const [mark] = marksOfLine(text, 2, text.length);
  return (mark !== undefined && mark.style !== 'plain') || unnumbered.test(line);
}

const unnumbered = /^(?:приложени[ея]|annex|schedule|exhibit|appendix|attachment)(?![\p{L}])/iu;
const titles =
  /^(?:\p{L}+\s){0,2}(?:договор|соглашение|контракт|оферта|акт|устав|положение|правила|регламент|политика|инструкция|протокол|решение|приказ|доверенность|кодекс|закон|постановление|agreement|contract|lease|licen[cs]e|policy|terms|deed|charter|bylaws|memorandum|act|rules)(?![\p{L}])/iu;

/** What a document is called, unless the rest of the page says it once more. */
const isTitle = (line: string, rest: string): boolean =>
  line.length <= 120 &&
  !line.includes('|') &&
  titles.test(line) &&
  !rest.replaceAll(/\s+/g, ' ').toLowerCase().includes(line);
