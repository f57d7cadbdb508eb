import type { Span } from '../place/fold.ts';

/** A longer line is shown in pieces, so that a text of one line can be shown in windows too. */
const LONGEST_PIECE = 2_000;

/** A text as lines that can be shown one by one; the breaks between them are left out. */
export function paragraphsOf(text: string): Span[] {
  const paragraphs: Span[] = [];
  for (let start = 0; start <= text.length; ) {
    const end = text.indexOf('\n', start);
    const stop = end === -1 ? text.length : end;
    let from = start;
    while (stop - from > LONGEST_PIECE) {
      const to = cutBefore(text, from + LONGEST_PIECE, from);
      paragraphs.push({ start: from, end: to });
      from = to;
    }
    if (stop > from) paragraphs.push({ start: from, end: stop });
    start = stop + 1;
  }
  return paragraphs;
}

/** The end of the last word before `at`; never within a character. */
function cutBefore(text: string, at: number, from: number): number {
  const space = text.lastIndexOf(' ', at);
  if (space > from) return space + 1;
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff ? at - 1 : at;
}

/** Index of the paragraph that an offset is in, or of the next one. */
export function paragraphAt(paragraphs: readonly Span[], offset: number): number {
  let low = 0;
  let high = paragraphs.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((paragraphs[middle] as Span).end <= offset) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low);
}

export type MarkKind = 'cited' | 'found';

export interface Mark extends Span {
  kind: MarkKind;
}

/** A paragraph cut at the edges of marks; where two overlap, what was found stands above what is cited. */
export function markedPieces(paragraph: Span, marks: readonly Mark[]): (Span & { kind: MarkKind | undefined })[] {
  const edges = new Set([paragraph.start, paragraph.end]);
  for (const { start, end } of marks) {
    for (const edge of [start, end]) if (edge > paragraph.start && edge < paragraph.end) edges.add(edge);
  }
  const sorted = [...edges].sort((a, b) => a - b);
  return sorted.slice(0, -1).map((start, index) => {
    const end = sorted[index + 1] as number;
    const over = marks.filter((mark) => mark.start < end && mark.end > start).map(({ kind }) => kind);
    return { start, end, kind: over.includes('found') ? 'found' : over[0] };
  });
}
