import { endOfPiece, type PieceSize } from './cut.ts';
import { ranks } from './mark.ts';
import type { Section } from './outline.ts';

/*
 * What a search returns is a unit: a thing to be read by itself. An article is one, whole; of a contract a section
 * with its clauses, or, where these have titles of their own, each of them. Larger ones are divided at their next level,
 * small ones without a title go together, tiny ones belong to what they stand in. Text without structure gives groups of
 * paragraphs. Units tile the text.
 */

const largestUnit = 6000;
/** A section up to here is read as a whole even when its clauses have titles. */
const wholeUnit = 1500;
/** Untitled clauses of a large section go together up to here. */
const groupedUnit = 2000;
const tiniestUnit = 200;
const paragraphs: PieceSize = { smallest: 1200, target: 2000, largest: 2500 };

/** The ends of the units of a text, rising; the last is its length. Empty for an empty text. */
export function unitEnds(text: string, root: Section): number[] {
  const ends: number[] = [];
  const lastEnd = () => ends.at(-1) ?? 0;

  /** Ends a unit; one that would be tiny continues instead, or, as the last of its section, joins the one before. */
  const finish = (end: number, section: Section, isLast = false, least = tiniestUnit) => {
    const length = end - lastEnd();
    if (length === 0) return;
    if (length >= least) ends.push(end);
    else if (ends.length > 0 && lastEnd() > section.start && isLast) ends[ends.length - 1] = end;
    else if (end === text.length) {
      if (ends.length > 0) ends.pop();
      ends.push(end);
    }
  };

  const divideText = (start: number, end: number, section: Section) => {
    for (let position = start; position < end; ) {
      position = endOfPiece(text, position, end, paragraphs, []);
      finish(position, section);
    }
  };

  const divide = (section: Section) => {
    if (isWhole(section)) {
      finish(section.end, section, false, standsAlone(section) ? 1 : tiniestUnit);
      return;
    }
    for (const piece of piecesOf(section)) {
      const isTitled =
        piece.child !== undefined &&
        (standsAlone(piece.child) || (piece.child.mark?.titled === true && length(piece) >= tiniestUnit));
      const group = piece.start - lastEnd();
      // Headings go with what they stand above; text below them is a unit of its own when there is enough of it.
      const body = text.slice(Math.max(lastEnd(), section.mark?.end ?? section.start), piece.start).trim().length;
      const isOpen = group > 0 && (lastEnd() > section.start || body >= tiniestUnit);
      if (isOpen && (isTitled || group + length(piece) > groupedUnit)) finish(piece.start, section, true);
      if (piece.child !== undefined && (isTitled || length(piece) > largestUnit)) divide(piece.child);
      else if (piece.child === undefined && length(piece) > paragraphs.largest)
        divideText(piece.start, piece.end, section);
      else if (piece.end - lastEnd() > groupedUnit) finish(piece.end, section);
    }
    finish(section.end, section, true);
  };

  divide(root);
  if (lastEnd() < text.length) {
    if (text.length - lastEnd() < tiniestUnit && ends.length > 0) ends.pop();
    ends.push(text.length);
  }
  return ends;
}

const length = ({ start, end }: { start: number; end: number }) => end - start;

interface Piece {
  start: number;
  end: number;
  child?: Section;
}

/** What a section consists of: its children, and the text before, between and behind them. */
function piecesOf(section: Section): Piece[] {
  const pieces: Piece[] = [];
  let position = section.start;
  for (const child of section.children) {
    if (child.start > position) pieces.push({ start: position, end: child.start });
    pieces.push({ start: child.start, end: child.end, child });
    position = child.end;
  }
  if (position < section.end) pieces.push({ start: position, end: section.end });
  return pieces;
}

function isWhole(section: Section): boolean {
  if (length(section) <= wholeUnit && !section.children.some(isArticle)) return true;
  if (section.mark === undefined || length(section) > largestUnit) return false;
  if (section.children.some(isArticle) || (section.mark.rank ?? Number.POSITIVE_INFINITY) < ranks.annex) return false;
  // The points of a statute's article are no sections, even where one reads like a title.
  const isPoint = ({ mark }: Section) =>
    section.mark?.rank === ranks.article && mark?.style === 'decimal' && mark.number.length === 1;
  return (
    section.children.filter((child) => child.mark?.titled && !isPoint(child) && length(child) >= tiniestUnit).length < 2
  );
}

/** An article, section or annex that has more than its heading is returned by itself, however short it is. */
const standsAlone = ({ mark, end, children }: Section) =>
  mark?.style === 'contents' ||
  (((mark?.rank ?? 0) >= ranks.paragraph || mark?.rank === ranks.annex) && end - (mark?.end ?? end) >= 20) ||
  children.some(isArticle);

/** A unit with a name («Статья 5», "Section 2") is never hidden in a larger one. */
const isArticle = ({ mark }: Section) => mark?.rank !== undefined;
