import type { Span } from './fold.ts';
import type { Path } from './path.ts';
import { isTrusted } from './path.ts';

/** A quote that stands more often in a layer is left to the alignment. */
const MOST_PLACES = 40;

/**
 * Where a quote stands in the layer, by the letters around it that are the same in both texts without a gap; undefined
 * when that does not tell exactly one place.
 */
export function placeByBlock({ page, layer, runs }: Omit<Path, 'columns'>, quote: Span): number | undefined {
  const text = page.slice(quote.start, quote.end);
  let found: number | undefined;
  let places = 0;
  for (let at = layer.indexOf(text); at !== -1; at = layer.indexOf(text, at + 1)) {
    places += 1;
    if (places > MOST_PLACES) return undefined;
    if (!isTrusted({ page, layer, runs, columns: blockColumns(page, layer, quote, at) }, quote)) continue;
    if (found !== undefined) return undefined;
    found = at;
  }
  return found;
}

/** The columns of a quote at a place, and of the letters around it as far as they are the same. */
function blockColumns(page: string, layer: string, quote: Span, at: number): Int32Array {
  const columns = new Int32Array(page.length).fill(-1);
  const shift = at - quote.start;
  let start = quote.start;
  while (start > 0 && start + shift > 0 && page[start - 1] === layer[start + shift - 1]) start -= 1;
  let end = quote.end;
  while (end < page.length && page[end] === layer[end + shift]) end += 1;
  for (let row = start; row < end; row += 1) columns[row] = row + shift;
  return columns;
}
