import type { Chunk } from './contract.ts';
import { clauseLevel, findHeadings, type LegalHeading } from './legal-headings.ts';

/*
 * Greedy, from the start: a chunk ends before the next heading when that is near enough; otherwise at the best break
 * in the window behind its smallest size: a clause, a paragraph, a line, a sentence, a word, or anywhere. Of breaks of one
 * kind the last one up to the target size is taken, else the first one behind it. Each chunk looks at no more than
 * its window, so the time is linear.
 */

const smallest = 350;
const target = 900;
const largest = 1400;

/** Ends of paragraphs, lines, sentences and words, best first; a break is behind the match. */
const breaks = [
  /\n{2,}/g,
  /\n/g,
  // An abbreviation or initial («ст. 5», "No. 3") ends no sentence: at least three letters, a figure or a bracket stand before.
  /(?:[\p{L}]{3}|[\d)»”"])[.!?…;]["»”)]{0,2}\s+(?=[\p{Lu}\d«"“(])/gu,
  /\s+/g,
];

/**
 * Cuts a text into chunks of about 900 and at most 1,400 UTF-16 code units, which joined in order are the text.
 * No surrogate pair is cut. `pageStarts` as in ParsedDocument.
 */
export function chunkText(text: string, pageStarts: readonly number[]): Chunk[] {
  const headings = findHeadings(text);
  const sections = createSectionCursor(
    text,
    headings.filter(({ level }) => level < clauseLevel),
  );
  const clauses = createStartCursor(headings);
  const pageAt = createPageCursor(pageStarts);
  const chunks: Chunk[] = [];
  for (let start = 0; start < text.length; ) {
    const { nextSection, headingPath } = sections(start);
    const end = findEnd(text, start, nextSection, clauses(start));
    chunks.push({
      ordinal: chunks.length,
      start,
      end,
      unitStart: start,
      unitEnd: end,
      page: pageAt(start),
      headingPath,
    });
    start = end;
  }
  return chunks;
}

function findEnd(text: string, start: number, nextSection: number, clauseStarts: number[]): number {
  if (nextSection - start <= largest) return nextSection;
  const window = text.slice(start, start + largest);
  const clause = choose(clauseStarts.map((position) => position - start));
  if (clause !== undefined) return start + clause;
  for (const pattern of breaks) {
    const found = choose(Array.from(window.matchAll(pattern), (match) => match.index + match[0].length));
    if (found !== undefined) return start + found;
  }
  return start + largest - (isPairCut(text, start + largest) ? 1 : 0);
}

/** The last offset up to the target, else the first behind it; offsets rise. */
function choose(offsets: number[]): number | undefined {
  const usable = offsets.filter((offset) => offset >= smallest && offset < largest);
  return usable.findLast((offset) => offset <= target) ?? usable[0];
}

const isPairCut = (text: string, position: number) =>
  /[\ud800-\udbff]/.test(text.charAt(position - 1)) && /[\udc00-\udfff]/.test(text.charAt(position));

/**
 * For rising positions: where the next section begins, and the headings above. Headings that follow each other with
 * nothing between («Глава 2», «Статья 10») begin one section together.
 */
function createSectionCursor(text: string, headings: LegalHeading[]) {
  let next = 0;
  let path: LegalHeading[] = [];
  return (position: number): { nextSection: number; headingPath: string[] } => {
    let contentStart = position;
    for (let heading = headings[next]; heading !== undefined; heading = headings[next]) {
      if (!isGap(text, contentStart, heading.start)) break;
      path = [...path.filter(({ level }) => level < (heading as LegalHeading).level), heading];
      contentStart = heading.end;
      next += 1;
    }
    return { nextSection: headings[next]?.start ?? text.length, headingPath: path.map(({ label }) => label) };
  };
}

const longestGap = 200;
const isGap = (text: string, start: number, end: number) =>
  end <= start || (end - start <= longestGap && text.slice(start, end).trim() === '');

/** For rising positions: where headings and clauses begin within the largest chunk from there. */
function createStartCursor(headings: LegalHeading[]) {
  let next = 0;
  return (position: number): number[] => {
    while ((headings[next]?.start ?? Number.POSITIVE_INFINITY) <= position) next += 1;
    const starts: number[] = [];
    for (let index = next; (headings[index]?.start ?? Number.POSITIVE_INFINITY) < position + largest; index += 1) {
      starts.push((headings[index] as LegalHeading).start);
    }
    return starts;
  };
}

function createPageCursor(pageStarts: readonly number[]) {
  let page = 0;
  return (position: number): number | null => {
    while ((pageStarts[page] ?? Number.POSITIVE_INFINITY) <= position) page += 1;
    return page === 0 ? null : page;
  };
}
