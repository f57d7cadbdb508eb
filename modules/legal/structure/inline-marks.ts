import { numberWord, unitNumber } from './line-marks.ts';
import { decimalNumber, type Mark, ranks, toLabel } from './mark.ts';
import { runInTitle } from './title.ts';

/*
 * Plain text from other programs often has a page, or the whole contract, on one line: clauses then begin in its
 * middle. What is found here are candidates; the outline takes only those whose number is the one to come.
 */

const figures = String.raw`\d{1,3}[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}|\d{1,2}(?:\.\d{1,3}){0,4}`;
const candidate = new RegExp(
  String.raw`(?<![\p{L}\d.,$€£§№-])(?:(ARTICLE|Article|SECTION|Section|СТАТЬЯ|Статья|ГЛАВА|Глава|РАЗДЕЛ|Раздел|EXHIBIT|Exhibit|SCHEDULE|Schedule|ANNEX|Annex|APPENDIX|Appendix|ПРИЛОЖЕНИЕ|Приложение)\s{1,3}(?:№\s?)?(${figures}|[IVXLC]{1,7}(?!\p{L})|(?:${numberWord})(?!\p{L})|[A-Z](?![\p{L}\d]))[.:]?|(${figures})\.?)(?=\s{1,12}["“«(]?[\p{Lu}[*]|[\[“"«])`,
  'gu',
);
const unitRanks: Record<string, number> = {
  article: ranks.article,
  статья: ranks.article,
  section: ranks.section,
  глава: ranks.chapter,
  раздел: ranks.division,
};
/** Behind the end of a sentence, a bracket, or a gap that was a line break. */
const boundary = /(?:[.;:)\]"”»*?!]\s{1,12}|\s{2,12})$/;
/** Words that a number belongs to: "under Section 2. The", "No. 5". */
const belongs =
  /(?:sections?|articles?|clauses?|paragraphs?|sub-?sections?|and|or|to|of|in|under|no\.?|nos\.?|page|exhibit|schedule|annex|ст\.?|п\.|пп\.|пункт\p{L}{0,3}|стать\p{L}{1,3}|№|и|или|от|до)\s{1,3}$/iu;

const titleWord = /^["“«(]?\p{L}{3}/u;

/** What a candidate looks at next to itself. */
const MARGIN = 64;

/** Candidates in a line behind `from`, in order. */
export function* inlineMarks(text: string, from: number, lineEnd: number): Generator<Mark> {
  // Only the line, as a search that finds nothing would go on to the end of the text, for each line again.
  const base = Math.max(0, from - MARGIN);
  const line = text.slice(base, lineEnd + MARGIN);
  const matcher = new RegExp(candidate);
  matcher.lastIndex = from - base;
  for (let match = matcher.exec(line); match !== null && base + match.index < lineEnd; match = matcher.exec(line)) {
    match.index += base;
    const mark = match[1] === undefined ? clause(text, match, lineEnd) : unit(text, match, lineEnd);
    if (mark !== undefined) yield mark;
  }
}

function before(text: string, start: number): string {
  return text.slice(Math.max(0, start - 24), start);
}

function clause(text: string, match: RegExpExecArray, lineEnd: number): Mark | undefined {
  const written = match[3] as string;
  const number = decimalNumber(written);
  const isWhole = !written.includes('.');
  const head = before(text, match.index);
  const hasStop = match[0].endsWith('.');
  if (number.length === 0 || (isWhole && !hasStop)) return undefined;
  const isBehindBoundary = boundary.test(head);
  if (!isBehindBoundary && belongs.test(head)) return undefined;
  if (isBehindBoundary && !/\s{2,}$/.test(head) && belongs.test(head)) return undefined;
  const at = match.index + match[0].length;
  const gap = /^\s*/.exec(text.slice(at, at + 16))?.[0].length ?? 0;
  if (isWhole && !isBehindBoundary && !titleWord.test(text.slice(at + gap, at + gap + 8))) return undefined;
  const title = runInTitle(text.slice(at + gap, Math.min(lineEnd, at + gap + 160)));
  // In the middle of running words only as the number to come, which the outline sees to, and a section with its title.
  if (isWhole && title === undefined && !isBehindBoundary) return undefined;
  if (isWhole && title === undefined && !/\s{2,}$/.test(head) && gap < 2 && !/[.;:]\s$/.test(head)) return undefined;
  return {
    style: 'decimal',
    start: match.index,
    end: title === undefined ? at : at + gap + title.length,
    number,
    label: title === undefined ? toLabel(isWhole ? match[0] : written) : toLabel(match[0], title.text),
    titled: title !== undefined,
    inline: true,
  };
}

function unit(text: string, match: RegExpExecArray, lineEnd: number): Mark | undefined {
  const head = before(text, match.index);
  if (!boundary.test(head) || (belongs.test(head) && !/\s{2,}$/.test(head))) return undefined;
  const at = match.index + match[0].length;
  const gap = /^\s*[–—-]?\s*/.exec(text.slice(at, at + 16))?.[0].length ?? 0;
  const title = runInTitle(text.slice(at + gap, Math.min(lineEnd, at + gap + 160)));
  if (title === undefined) return undefined;
  return {
    style: 'unit',
    start: match.index,
    end: at + gap + title.length,
    rank: unitRanks[(match[1] as string).toLowerCase()] ?? ranks.annex,
    number: unitNumber(match[2] as string),
    label: toLabel(match[0], title.text),
    titled: true,
    inline: true,
  };
}
