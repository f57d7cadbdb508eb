import type { Span } from './fold.ts';
import { countShared, isOnly, RUN_LETTERS, type SharedRuns } from './runs.ts';

/*
 * Whether an alignment can be trusted. Letters that stand once in both texts are where they are, and so is a quote that has
 * such letters. A repeated quote has a place only where the two texts have the same order, and from the quote outwards to the next of them nothing may have been moved: a gap is harmless when what fills it stands
 * nowhere in the other text, as a watermark does, and not when it does, as with columns that were read the other way.
 */

export interface Path {
  page: string;
  layer: string;
  /** For each letter of the page its column in the layer, ascending; -1 for none. */
  columns: Int32Array;
  runs: SharedRuns;
}

export function isTrusted(path: Path, quote: Span): boolean {
  for (let row = quote.start; row + RUN_LETTERS <= quote.end; row += 1) if (isAnchor(path, row)) return true;
  if (!path.runs.inOrder) return false;
  const ends = [walk(path, quote.start, -1), walk(path, quote.end - 1, 1)];
  return !ends.includes('moved') && ends.includes('anchor');
}

/** Whether the letters from `row` on stand once in both texts, and the path takes them to each other. */
function isAnchor({ page, columns, runs }: Path, row: number): boolean {
  const column = columns[row];
  if (column === undefined || column === -1 || columns[row + RUN_LETTERS - 1] !== column + RUN_LETTERS - 1)
    return false;
  return isOnly(runs, page.slice(row, row + RUN_LETTERS), column);
}

/** Walks from a letter of the quote to the next anchor, or to the edge of the page if nothing was moved before. */
function walk(path: Path, from: number, step: 1 | -1): 'anchor' | 'edge' | 'moved' {
  const { page, layer, columns, runs } = path;
  let last = from;
  for (let row = from; row >= 0 && row < page.length; row += step) {
    const column = columns[row] as number;
    if (column === -1) continue;
    const [low, high] = step === 1 ? [last, row] : [row, last];
    const lost = page.slice(low + 1, high);
    const added = layer.slice((columns[low] as number) + 1, columns[high]);
    if (countShared(lost, runs.layer) > 0 || countShared(added, runs.page) > 0) return 'moved';
    last = row;
    if (isAnchor(path, step === 1 ? row - RUN_LETTERS + 1 : row)) return 'anchor';
  }
  const rest = step === 1 ? page.slice(last + 1) : page.slice(0, last);
  return rest.length < RUN_LETTERS ? 'edge' : 'moved';
}
