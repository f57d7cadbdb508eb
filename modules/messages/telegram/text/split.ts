import type { RichText } from '../contract.ts';
import { slice, trim } from './rich-text.ts';

/** Where a text is rather cut, the best first. */
const BREAKS = ['\n\n', '\n', ' '] as const;

/**
 * Cuts a text into pieces of at most so many UTF-16 units: at paragraphs, lines or spaces where a piece is then at least half full,
 * otherwise between graphemes. Entities are closed at a cut and reopened behind it. No piece is empty or begins or ends with white
 * space; a text of white space has no pieces.
 */
export function split(rich: RichText, max: number): RichText[] {
  return splitInto(rich, () => max);
}

/** The same with a length for each piece. @param maxOf of the piece with this index */
export function splitInto(rich: RichText, maxOf: (index: number) => number): RichText[] {
  const pieces: RichText[] = [];
  let rest = trim(rich);
  while (rest.text.length > 0) {
    const max = maxOf(pieces.length);
    const end = rest.text.length <= max ? rest.text.length : cutBefore(rest.text, max);
    const piece = trim(slice(rest, 0, end));
    if (piece.text.length > 0) pieces.push(piece);
    rest = trim(slice(rest, end));
  }
  return pieces;
}

/** Where to cut a text that is longer than `max`: at least 1, at most `max`. */
function cutBefore(text: string, max: number): number {
  for (const pause of BREAKS) {
    const at = text.lastIndexOf(pause, max);
    if (at >= max / 2) return at;
  }
  return graphemeBefore(text, max);
}

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });
/** Longer ones are made to break things; they are cut between characters. */
const LONGEST_GRAPHEME = 256;

function graphemeBefore(text: string, max: number): number {
  // What stands far before the cut has no part in the grapheme around it. Begins at a character.
  const from = characterBefore(text, Math.max(0, max - LONGEST_GRAPHEME));
  const { index = 0 } = graphemes.segment(text.slice(from, max + LONGEST_GRAPHEME)).containing(max - from) ?? {};
  return from + index > from ? from + index : characterBefore(text, max);
}

/** The last unit up to `at` that does not stand inside a surrogate pair, and not 0 unless `at` is. */
function characterBefore(text: string, at: number): number {
  const isInside = at > 0 && isHigh(text.charCodeAt(at - 1)) && isLow(text.charCodeAt(at));
  return isInside ? Math.max(at - 1, 0) : at;
}

const isHigh = (unit: number) => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number) => unit >= 0xdc00 && unit <= 0xdfff;
