/** Sizes of pages at 100 %, and where they stand below each other. */
export interface PageSize {
  width: number;
  height: number;
}

export const PAGE_GAP_PX = 12;
/** A canvas takes up to 64 MB: more than so many at once end the tab on a phone. One more is there while a page is redrawn. */
const MOST_PAGES = 4;

export function pageTops(sizes: readonly PageSize[], scale: number): number[] {
  const tops: number[] = [];
  let top = PAGE_GAP_PX;
  for (const { height } of sizes) {
    tops.push(top);
    top += Math.round(height * scale) + PAGE_GAP_PX;
  }
  tops.push(top);
  return tops;
}

/** Index of the page at a height. */
export function pageAtTop(tops: readonly number[], y: number): number {
  let low = 0;
  let high = tops.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((tops[middle] as number) <= y) low = middle;
    else high = middle - 1;
  }
  return Math.max(0, low);
}

/** Indexes of the pages to draw: those in view, then the next ones around. */
export function pagesToDraw(tops: readonly number[], scrollTop: number, viewHeight: number): number[] {
  const last = tops.length - 2;
  // Of the page before, nothing is seen when the view begins in the gap.
  const first = pageAtTop(tops, scrollTop + PAGE_GAP_PX);
  let from = first;
  let to = Math.min(pageAtTop(tops, scrollTop + viewHeight), first + MOST_PAGES - 1);
  while (to - from + 1 < MOST_PAGES - 1 && (from > 0 || to < last)) {
    if (to < last) to += 1;
    if (from > 0 && to - from + 1 < MOST_PAGES - 1) from -= 1;
  }
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
}

const MOST_SCALE = 2;
const MOST_PIXELS = 16 * 1024 * 1024;

/** Pixels of a canvas for each CSS pixel. */
export function canvasScale(width: number, height: number, pixelRatio: number): number {
  return Math.min(pixelRatio, MOST_SCALE, Math.sqrt(MOST_PIXELS / Math.max(1, width * height)));
}
