import type { Span } from './fold.ts';

/*
 * Alignment of a page that holds a quote with a text layer. Around the quote it is local: the best stretch counts, and the
 * rest of the page costs nothing. Within the quote it is complete. A single letter that was added or lost is cheap, and a
 * longer gap costs about the same whatever its length: a watermark, or the other column.
 */

export const MATCH = 20;
const MISMATCH = -30;
const LETTER_GAP = -50;
const GAP_OPEN = -240;
const GAP_MORE = -1;

/** Where a cell's best score comes from, in three bits, and whether gaps that end there begin there. */
const fromStart = 0;
const fromDiagonal = 1;
const fromUp = 2;
const fromLeft = 3;
const fromLost = 4;
const fromAdded = 5;
const cameFrom = 7;
const lostOpens = 8;
const addedOpens = 16;

/** Below any sum of scores, and far from the end of Int32. */
const IMPOSSIBLE = -1_000_000_000;

export interface Alignment {
  /**
   * For each column of the layer and the one behind it: the score of the best alignment of what stands before the quote
   * that ends there; 0 for none.
   */
  before: Int32Array;
  /** For each column: the score of the best alignment in which the last letter of the quote stands there. */
  last: Int32Array;
  /**
   * For each letter of the page up to the end of the quote its column, when the last letter of the quote stands in `column`;
   * -1 for a letter that has none.
   */
  trace(column: number): Int32Array;
}

interface Pass {
  page: Uint16Array;
  layer: Uint16Array;
  /** For each column and the one behind it, the best score that ends there, and the best that ends there in lost letters. */
  best: Int32Array;
  lost: Int32Array;
}

/** Takes time and bytes for each pair of a letter of the page, up to the quote's end, and one of the layer. */
export function align(page: Uint16Array, layer: Uint16Array, quote: Span): Alignment {
  const width = layer.length + 1;
  const pass: Pass = { page, layer, best: new Int32Array(width), lost: new Int32Array(width).fill(IMPOSSIBLE) };
  const steps = new Uint8Array(quote.end * width);
  let before = pass.best.slice();
  for (let row = 0; row < quote.end - 1; row += 1) {
    // Around the quote an alignment may begin anywhere; within it, it continues.
    passRow(pass, row, row < quote.start ? 0 : IMPOSSIBLE, steps.subarray(row * width, (row + 1) * width));
    if (row === quote.start - 1) before = pass.best.slice();
  }
  const last = lastRow(pass, page[quote.end - 1]);
  return { before, last, trace: (column) => traceBack(steps, width, quote.end, column) };
}

/** Scores of the last row: its letter stands in the layer, as gaps belong to what follows. */
function lastRow({ layer, best }: Pass, letter: number | undefined): Int32Array {
  const scores = new Int32Array(layer.length);
  for (let column = 0; column < scores.length; column += 1) {
    scores[column] = (best[column] as number) + (layer[column] === letter ? MATCH : MISMATCH);
  }
  return scores;
}

function passRow({ page, layer, best, lost }: Pass, row: number, least: number, steps: Uint8Array): void {
  const letter = page[row];
  let diagonal = best[0] as number;
  let added = IMPOSSIBLE;
  let left = least;
  best[0] = least;
  for (let column = 1; column < best.length; column += 1) {
    const up = best[column] as number;
    let step = 0;
    let missing = (lost[column] as number) + GAP_MORE;
    if (up + GAP_OPEN > missing) {
      missing = up + GAP_OPEN;
      step = lostOpens;
    }
    lost[column] = missing;
    added += GAP_MORE;
    if (left + GAP_OPEN > added) {
      added = left + GAP_OPEN;
      step |= addedOpens;
    }
    let score = diagonal + (letter === layer[column - 1] ? MATCH : MISMATCH);
    let from = fromDiagonal;
    if (score <= least) {
      score = least;
      from = fromStart;
    }
    if (up + LETTER_GAP > score) {
      score = up + LETTER_GAP;
      from = fromUp;
    }
    if (left + LETTER_GAP > score) {
      score = left + LETTER_GAP;
      from = fromLeft;
    }
    if (missing > score) {
      score = missing;
      from = fromLost;
    }
    if (added > score) {
      score = added;
      from = fromAdded;
    }
    diagonal = up;
    best[column] = score;
    left = score;
    steps[column] = step | from;
  }
}

function traceBack(steps: Uint8Array, width: number, rows: number, lastColumn: number): Int32Array {
  const columns = new Int32Array(rows).fill(-1);
  columns[rows - 1] = lastColumn;
  let row = rows - 2;
  let column = lastColumn;
  /** The gap that the cell before ended in. */
  let gap = fromStart;
  while (row >= 0 && column > 0) {
    const step = steps[row * width + column] as number;
    const from = gap === fromStart ? step & cameFrom : gap;
    if (from === fromStart) break;
    if (from === fromDiagonal) columns[row] = column - 1;
    if (from === fromLost) gap = step & lostOpens ? fromStart : fromLost;
    if (from === fromAdded) gap = step & addedOpens ? fromStart : fromAdded;
    if (from !== fromLeft && from !== fromAdded) row -= 1;
    if (from !== fromUp && from !== fromLost) column -= 1;
  }
  return columns;
}
