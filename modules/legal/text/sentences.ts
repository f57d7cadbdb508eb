import type { Span } from '../../text/index.ts';
import { leadingAbbreviations, numberedAbbreviations, trailingAbbreviations } from './abbreviations.ts';

/**
 * Splits legal text into sentences: spans in UTF-16 code units, in order, without overlap, trimmed, together covering
 * all that is not white space. A line break ends a sentence, and so does `;` before the next item of a list. The
 * boundaries of Unicode's segmentation are taken, less those behind abbreviations («ст. 5», "Acme Inc. shall"),
 * initials and numbers of clauses.
 */
export function sentences(text: string): Span[] {
  const spans: Span[] = [];
  let last: Span | undefined;
  for (const piece of pieces(text)) {
    const span = trim(text, piece);
    if (span === undefined) continue;
    if (last !== undefined && isOne(text, last, span)) last.end = span.end;
    else {
      last = span;
      spans.push(span);
    }
  }
  return spans;
}

/** Characters before a boundary that are looked at. */
const tailLength = 80;

function isOne(text: string, left: Span, right: Span): boolean {
  if (isRow(text, left, right)) return true;
  if (/[\n\r\u2028\u2029]/.test(text.slice(left.end, right.start))) return isTornWord(text, left, right);
  const tail = text.slice(Math.max(left.start, left.end - tailLength), left.end);
  return continues(tail, left.end - left.start <= tailLength, text.slice(right.start, right.start + 8));
}

/** Both in one row of a table, whose cells bars part: what a cell ends with ends no sentence. */
function isRow(text: string, left: Span, right: Span): boolean {
  if (text.slice(left.start, right.start).includes('\n')) return false;
  return cellBar.test(text.slice(left.start, left.end)) || cellBar.test(lineFrom(text, right.start));
}

const cellBar = /\S \| \S/;
/** A row is no longer; a text of one line is not looked through for each of its sentences. */
const longestRow = 3000;

function lineFrom(text: string, start: number): string {
  const window = text.slice(start, start + longestRow);
  const end = window.indexOf('\n');
  return end === -1 ? window : window.slice(0, end);
}

/** «неус-⏎тойка»: the line's end, or the page's, divides a word. */
const isTornWord = (text: string, left: Span, right: Span): boolean =>
  /\p{L}[-‐‑\u00ad]$/u.test(text.slice(Math.max(left.start, left.end - 2), left.end)) &&
  /^\p{Ll}/u.test(text.slice(right.start, right.start + 2)) &&
  right.start - left.end <= 24;

/** An ellipsis before a capital, or `;` before an item such as «б)», "(ii)" or "2.1." in the same line. */
const cut = /…["»”)]*\s+(?=["«„“(]?\p{Lu})|;\s+(?=\(?(?:\p{L}|[ivx]{1,5}|\d{1,3})\)\s|\d{1,3}(?:\.\d{1,3})*\.\s)/gu;

/** Unicode's sentences, cut further. */
function* pieces(text: string): Generator<Span> {
  for (const { segment, index } of new Intl.Segmenter('en', { granularity: 'sentence' }).segment(text)) {
    let start = index;
    for (const item of segment.matchAll(cut)) {
      const end = index + item.index + item[0].length;
      yield { start, end };
      start = end;
    }
    yield { start, end: index + segment.length };
  }
}

function trim(text: string, { start, end }: Span): Span | undefined {
  while (start < end && isSpace(text, start)) start++;
  while (end > start && isSpace(text, end - 1)) end--;
  return start < end ? { start, end } : undefined;
}

const isSpace = (text: string, index: number): boolean => /\s/.test(text[index] ?? '');

const heading =
  /^(?:стать[яи]|глава|раздел|часть|пункт|подпункт|параграф|приложение|article|section|clause|chapter|part|schedule|exhibit|annex)\s+[\p{L}\d.-]+\.$/iu;
const clauseNumber = /^(?:§\s*)?(?:\d{1,4}(?:\.\d{1,4})*|[ivxlc]{1,6}|\p{L})[.)]$/iu;

/** Whether the next piece belongs to the same sentence, judged by how this one ends and the next begins. */
function continues(tail: string, isWhole: boolean, next: string): boolean {
  if (!tail.endsWith('.')) return false;
  if (isWhole && (clauseNumber.test(tail) || heading.test(tail))) return true;
  const [, before = '', last = ''] =
    /(.*?)([\p{L}\p{M}\p{N}.-]+)\.$/su.exec(tail.replace(/т\.\s+(?=[депк]\.$)/u, 'т.')) ?? [];
  const abbreviation = last.toLowerCase();
  if (abbreviation === 'г' && !/\d\s*$/.test(before)) return true; // a city, not a year
  if (trailingAbbreviations.has(abbreviation)) return !/^["«„“(]?\p{Lu}/u.test(next) || /^N\s?\d/.test(next);
  if (numberedAbbreviations.has(abbreviation)) return /^[(§]?(?:\p{N}|[IVXLC]+\b)/u.test(next);
  return leadingAbbreviations.has(abbreviation) || /^\p{Lu}(?:\.\p{Lu})*$/u.test(last); // the last: initials
}
