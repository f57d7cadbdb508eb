import { fold } from '../place/fold.ts';
import { itemSpans, joinItems } from '../place/items.ts';
import { place } from '../place/place.ts';
import type { Mark, MarkKind } from '../text/paragraphs.ts';

/** A rectangle of a mark, in shares of the width and height of the page as it is shown. */
export interface MarkBox {
  kind: MarkKind;
  /** Where the marked words start in the stored text. */
  start: number;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Words of a scan as `/pages` gives them: start and end in the text, then the box in points from the upper left corner. */
export interface RecognizedPage {
  width: number;
  height: number;
  words: number[][];
}

/** The boxes of a mark on a recognized page: those of the words that it touches. */
export function boxesOfWords({ width, height, words }: RecognizedPage, mark: Mark, turn: number): MarkBox[] {
  const touched = words.filter(([start = 0, end = 0]) => start < mark.end && end > mark.start);
  return touched.map(([, , x = 0, y = 0, w = 0, h = 0]) =>
    turned(
      { kind: mark.kind, start: mark.start, x: x / width, y: y / height, width: w / width, height: h / height },
      turn,
    ),
  );
}

/** A box on a page that was turned clockwise by a multiple of 90 degrees. */
function turned(box: MarkBox, turn: number): MarkBox {
  const { x, y, width, height } = box;
  if (turn === 90) return { ...box, x: 1 - y - height, y: x, width: height, height: width };
  if (turn === 180) return { ...box, x: 1 - x - width, y: 1 - y - height };
  if (turn === 270) return { ...box, x: y, y: 1 - x - width, width: height, height: width };
  return box;
}

/** A page's piece of the stored text, and where it starts. */
export interface StoredPage {
  text: string;
  start: number;
}

/**
 * The boxes of a mark by the text layer of its page; undefined where its place is not certain.
 * @param texts of the items of the layer, and the elements that show them
 */
export function boxesOfLayer(
  stored: StoredPage,
  mark: Mark,
  texts: readonly string[],
  elements: readonly HTMLElement[],
  host: HTMLElement,
): MarkBox[] | undefined {
  const joined = joinItems(texts);
  const span = {
    start: Math.max(0, mark.start - stored.start),
    end: Math.min(stored.text.length, mark.end - stored.start),
  };
  const spans = place(fold(stored.text), span, fold(joined.text));
  if (!spans) return undefined;
  const around = host.getBoundingClientRect();
  return itemSpans(joined, spans).flatMap(({ item, start, end }) => {
    const node = elements[item]?.firstChild;
    if (!node) return [];
    const range = document.createRange();
    range.setStart(node, start);
    range.setEnd(node, end);
    return [...range.getClientRects()]
      .filter(({ width, height }) => width > 0 && height > 0)
      .map(({ left, top, width, height }) => ({
        kind: mark.kind,
        start: mark.start,
        x: (left - around.left) / around.width,
        y: (top - around.top) / around.height,
        width: width / around.width,
        height: height / around.height,
      }));
  });
}
