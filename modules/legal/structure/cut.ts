/** How large a piece is wanted to be, in UTF-16 code units. */
export interface PieceSize {
  smallest: number;
  target: number;
  largest: number;
}

const leastRest = 150;

/** Ends of paragraphs, lines, items, sentences and words, best first; a break is behind the match. */
const breaks = [
  /\n{2,}/g,
  /\n/g,
  /[;.:,]\s{1,20}(?=\((?:[a-zа-яё]{1,4}|\d{1,2})\)\s)/g,
  // An abbreviation or initial («ст. 5», "No. 3") ends no sentence: at least three letters, a figure or a bracket stand before.
  /(?:[\p{L}]{3}|[\d)»”"])[.!?…;]["»”)]{0,2}\s+(?=[\p{Lu}\d«"“(])/gu,
  /\s+/g,
];

/**
 * Where the piece that begins at `start` ends: at `limit` when that is near enough, else at the best break in the window
 * behind its smallest size. Of breaks of one kind the last up to the target is taken, else the first behind it. `starts`
 * are places to cut before, best kind first. Looks no further than the largest size, so cutting a text takes linear
 * time. No surrogate pair is cut.
 */
export function endOfPiece(
  text: string,
  start: number,
  limit: number,
  wanted: PieceSize,
  starts: readonly number[][],
): number {
  if (limit - start <= wanted.largest) return limit;
  // What is left behind the piece must not be a scrap.
  const size = { ...wanted, largest: Math.min(wanted.largest, limit - start - leastRest) };
  for (const kind of starts) {
    const found = choose(
      kind.map((position) => position - start),
      size,
    );
    if (found !== undefined) return start + found;
  }
  const window = text.slice(start, start + size.largest);
  const row = beforeRow(text, start, size);
  if (row !== undefined) return row;
  for (const pattern of breaks) {
    const found = choose(
      Array.from(window.matchAll(pattern), (match) => match.index + match[0].length),
      size,
    );
    if (found !== undefined) return start + found;
  }
  const end = start + size.largest;
  return isPairCut(text, end) ? end - 1 : end;
}

/**
 * Before the row of a table, when the usual places would cut through it: the first row that the window does not hold whole.
 * Undefined where the text there is no row, or the row alone is larger than a piece.
 */
function beforeRow(text: string, start: number, { smallest, largest }: PieceSize): number | undefined {
  // Within the piece alone: a text without line ends would be looked through as a whole for each piece.
  const lineStart = start + text.slice(start, start + largest).lastIndexOf('\n') + 1;
  if (lineStart <= start || lineStart >= start + smallest) return undefined;
  const line = text.slice(lineStart, lineStart + largest).split('\n', 1)[0] ?? '';
  return / \| /.test(line) && line.length < largest ? lineStart : undefined;
}

/** The last offset up to the target, else the first behind it; offsets rise. */
function choose(offsets: number[], { smallest, target, largest }: PieceSize): number | undefined {
  const usable = offsets.filter((offset) => offset >= smallest && offset < largest);
  return usable.findLast((offset) => offset <= target) ?? usable[0];
}

const isPairCut = (text: string, position: number) =>
  /[\ud800-\udbff]/.test(text.charAt(position - 1)) && /[\udc00-\udfff]/.test(text.charAt(position));
