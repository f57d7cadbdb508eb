import type { Chunk } from '../reading/contract.ts';
import { endOfPiece, type PieceSize } from './cut.ts';
import { outlineOf, type Section } from './outline.ts';
import { unitEnds } from './unit-ends.ts';

/*
 * The outline of the text gives the units; each unit is cut into chunks, before a titled clause where one is near, else
 * before any clause, else at the end of a paragraph, a line, a sentence, a word.
 */

const chunkSize: PieceSize = { smallest: 350, target: 900, largest: 1400 };

/**
 * Cuts a text into chunks of about 900 and at most 1,400 UTF-16 code units, which joined in order are the text; each
 * lies in one unit (`unitStart`, `unitEnd`), and units tile the text too. No surrogate pair is cut. `pageStarts` as in
 * ParsedDocument.
 */
export function chunkText(text: string, pageStarts: readonly number[]): Chunk[] {
  const root = outlineOf(text);
  const sections = inOrder(root);
  const titled = createStartCursor(sections.filter(({ mark }) => mark?.titled));
  const all = createStartCursor(sections);
  const pathAt = createPathCursor(text, root);
  const pageAt = createPageCursor(pageStarts);
  const chunks: Chunk[] = [];
  let unitStart = 0;
  for (const unitEnd of unitEnds(text, root)) {
    for (let start = unitStart; start < unitEnd; ) {
      const end = endOfPiece(text, start, unitEnd, chunkSize, [titled(start), all(start)]);
      chunks.push({
        ordinal: chunks.length,
        start,
        end,
        unitStart,
        unitEnd,
        page: pageAt(start),
        headingPath: pathAt(start, end),
      });
      start = end;
    }
    unitStart = unitEnd;
  }
  return chunks;
}

/** All sections below the root, by their start. */
function inOrder(root: Section): Section[] {
  const sections: Section[] = [];
  const add = (section: Section) => {
    for (const child of section.children) {
      sections.push(child);
      add(child);
    }
  };
  add(root);
  return sections;
}

/** For rising positions: where sections begin within the largest chunk from there. */
function createStartCursor(sections: Section[]) {
  let next = 0;
  return (position: number): number[] => {
    while ((sections[next]?.start ?? Number.POSITIVE_INFINITY) <= position) next += 1;
    const starts: number[] = [];
    const limit = position + chunkSize.largest;
    for (let index = next; (sections[index]?.start ?? Number.POSITIVE_INFINITY) < limit; index += 1) {
      starts.push((sections[index] as Section).start);
    }
    return starts;
  };
}

/**
 * For rising chunks: the labels of the sections they lie in, outermost first. A section that begins with the chunk
 * counts when most of the chunk is in it; a number without a title only when all of it is.
 */
function createPathCursor(text: string, root: Section) {
  const passed = new Map<Section, number>();
  return (start: number, end: number): string[] => {
    const path: string[] = [];
    let contentStart = start;
    for (let section: Section | undefined = root; section !== undefined; ) {
      let index: number = passed.get(section) ?? 0;
      while ((section.children[index]?.end ?? Number.POSITIVE_INFINITY) <= start) index += 1;
      passed.set(section, index);
      const child: Section | undefined = section.children[index];
      if (child?.mark === undefined || !isGap(text, contentStart, child.start) || child.start >= end) break;
      if (!holds(child, contentStart, end)) break;
      if (child.mark.label !== '' && isNamed(child)) path.push(child.mark.label);
      contentStart = Math.max(contentStart, child.mark.end);
      section = child;
    }
    return path;
  };
}

const isNamed = ({ mark }: Section): boolean =>
  mark?.titled === true || (mark?.style === 'decimal' && mark.number.length > 1);

function holds(section: Section, start: number, end: number): boolean {
  const inside = Math.min(section.end, end) - Math.max(section.start, start);
  return section.mark?.titled === true ? inside * 2 >= end - start : section.end >= end && section.start <= start + 200;
}

const longestGap = 200;
const isGap = (text: string, start: number, end: number) =>
  end <= start || (end - start <= longestGap && text.slice(start, end).trim() === '');

function createPageCursor(pageStarts: readonly number[]) {
  let page = 0;
  return (position: number): number | null => {
    while ((pageStarts[page] ?? Number.POSITIVE_INFINITY) <= position) page += 1;
    return page === 0 ? null : page;
  };
}
