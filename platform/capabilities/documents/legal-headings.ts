/**
 * A line that names a legal unit. `level` counts from the outside (1: part, annex) inwards; from `clauseLevel` on it is
 * a clause, which carries its text with it and is a good place to cut but no heading above other text.
 */
export interface LegalHeading {
  start: number;
  /** Behind the heading's last character, line break left out. */
  end: number;
  level: number;
  /** The heading as one line, at most 160 characters. */
  label: string;
}

export const clauseLevel = 10;

/** No more of a line is looked at: headings are short, and a text may be one line of megabytes. */
const lineWindow = 200;
const longestLabel = 160;
const number = String.raw`(?:\d{1,4}(?:[.-]\d{1,3}){0,3}|[IVXLC]{1,7})`;

/** Behind the number comes nothing, a stop, or a name that begins large: «Статья 5 настоящего договора» is prose. */
const named = String.raw`\s{1,3}(?:№\s?)?${number}(?=\.?$|[.:)]?\s{0,3}[—–-]?\s{0,3}["«“(]?\p{Lu}|[.:]\s|\s[—–-]\s|\s\()`;

const kinds: [level: number, pattern: RegExp][] = [
  [
    1,
    new RegExp(
      `^(?:ЧАСТЬ|Часть|PART|Part|ПРИЛОЖЕНИЕ|Приложение|ANNEX|Annex|SCHEDULE|Schedule|EXHIBIT|Exhibit|APPENDIX|Appendix)(?:${named}|\\s[A-Z](?=$|[.:]))`,
      'u',
    ),
  ],
  [1, /^(?:ЧАСТЬ|Часть)\s[А-ЯЁа-яё]{3,9}(?:АЯ|ая|ЬЯ|ья)(?=$|[.:])/u],
  [2, new RegExp(`^(?:РАЗДЕЛ|Раздел)${named}`, 'u')],
  [3, new RegExp(`^(?:ПОДРАЗДЕЛ|Подраздел)${named}`, 'u')],
  [4, new RegExp(`^(?:ГЛАВА|Глава|CHAPTER|Chapter)${named}`, 'u')],
  [5, new RegExp(`^§\\s{0,2}${number}(?=$|[.:]?\\s)`, 'u')],
  [6, new RegExp(`^(?:СТАТЬЯ|Статья|ARTICLE|Article)${named}`, 'u')],
  [7, new RegExp(`^(?:SECTION|Section)${named}`, 'u')],
];
const numberedSection = /^(?:\d{1,3}|[IVX]{1,6})\.\s{1,3}["«“]?\p{Lu}/u;
const clauses: [level: number, pattern: RegExp][] = [
  [clauseLevel, /^\d{1,3}[.)]\s{1,3}\S/u],
  [clauseLevel + 1, /^\d{1,3}\.\d{1,3}(?:\.\s|\s{1,3}["«“(]?\p{L})/u],
  [clauseLevel + 2, /^\d{1,3}(?:\.\d{1,3}){2,5}(?:\.\s|\s{1,3}["«“(]?\p{L})/u],
  [clauseLevel + 3, /^(?:\(?(?:[a-zа-яё]|[ivx]{1,5}|\d{1,2})\)|\([A-Z]\))\s{1,3}\S/u],
];
const markdown = /^(#{1,6})\s{1,3}\S/;
/** A table of contents names units without being them: dots or a gap, then the page. */
const contentsEntry = /(?:\.{3,}|…|(?:\. ){3,}|\t| {3,})\s*\d{1,4}$/;

/** The legal units of a text in order. One pass over its lines; the time is linear whatever the text. */
export function findHeadings(text: string): LegalHeading[] {
  const headings: LegalHeading[] = [];
  for (let start = 0; start < text.length; ) {
    const lineBreak = text.indexOf('\n', start);
    const end = lineBreak === -1 ? text.length : lineBreak;
    const heading = headingAt(text, start, end);
    if (heading !== undefined) headings.push(heading);
    start = Math.max(end, heading?.end ?? 0) + 1;
  }
  return headings;
}

function headingAt(text: string, lineStart: number, lineEnd: number): LegalHeading | undefined {
  const window = text.slice(lineStart, Math.min(lineEnd, lineStart + lineWindow));
  const line = window.trim();
  if (line === '' || contentsEntry.test(line)) return undefined;
  const start = lineStart + window.indexOf(line);
  const whole = lineEnd - lineStart <= lineWindow;
  const make = (level: number, end = start + line.length, label = line): LegalHeading => ({
    start,
    end,
    level,
    label: label.slice(0, longestLabel).toWellFormed(),
  });

  const hashes = markdown.exec(line)?.[1];
  if (hashes !== undefined && whole) return make(hashes.length, undefined, line.slice(hashes.length).trim());
  const kind = kinds.find(([, pattern]) => pattern.test(line));
  if (kind !== undefined && whole && !isReference(text, start, line)) {
    const rest = isBareNumber(line) ? nameBelow(text, lineEnd) : continuation(text, lineEnd, line);
    return rest === undefined ? make(kind[0]) : make(kind[0], rest.end, `${line} ${rest.label}`);
  }
  if (whole && numberedSection.test(line) && isTitle(line) && !continues(text, lineEnd)) return make(8);
  const clause = clauses.find(([, pattern]) => pattern.test(line));
  return clause === undefined ? undefined : make(clause[0]);
}

/** English writes references large as well: a line that begins with one goes on with the sentence above. */
function isReference(text: string, lineStart: number, line: string): boolean {
  return /^[A-Z]/.test(line) && /[\p{Ll},]\n$/u.test(text.slice(Math.max(0, lineStart - 3), lineStart));
}

/** The rest of a long heading: one or two lines that go on in small letters and end, without a stop, the paragraph. */
function continuation(text: string, lineEnd: number, line: string): { end: number; label: string } | undefined {
  if (/[.;:]$/.test(line)) return undefined;
  const below = /^\n(\p{Ll}[^\n]{0,120}(?:\n\p{Ll}[^\n]{0,120})?)(?:\n\n|$)/u.exec(text.slice(lineEnd, lineEnd + 250));
  const label = below?.[1]?.trimEnd();
  if (label === undefined || /[.;:,]$/.test(label)) return undefined;
  return { end: lineEnd + 1 + label.length, label: label.replaceAll('\n', ' ') };
}

/** «Глава 2» or "ARTICLE IV" alone, whose name stands on the next line. */
const isBareNumber = (line: string) => /^[^\s]{1,12}\s{1,3}[\d.IVXLC-]{1,12}$/u.test(line);

function nameBelow(text: string, lineEnd: number): { end: number; label: string } | undefined {
  const next = /^\n{1,2}([^\n]{3,120})(?:\n|$)/.exec(text.slice(lineEnd, lineEnd + 125));
  const label = next?.[1]?.trimEnd();
  if (
    next === null ||
    label === undefined ||
    contentsEntry.test(label) ||
    !/^["«“]?\p{Lu}/u.test(label) ||
    /[.;:,]$/.test(label)
  )
    return undefined;
  if (kinds.some(([, pattern]) => pattern.test(label))) return undefined;
  return { end: lineEnd + next[0].indexOf(label) + label.length, label };
}

/** Short, and no sentence: «1. Предмет договора», "1. Definitions." */
const isTitle = (line: string) => line.length <= 90 && (!/[.;:,]$/.test(line) || line.split(/\s+/, 6).length <= 4);

/** The line goes on below in small letters, so it is the wrapped beginning of a sentence. */
const continues = (text: string, lineEnd: number) => /^\n\p{Ll}/u.test(text.slice(lineEnd, lineEnd + 3));
