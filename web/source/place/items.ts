import type { Span } from './fold.ts';

/** The items of a text layer as one text, a space between two. */
export interface JoinedItems {
  text: string;
  /** Where each item begins in `text`. */
  starts: number[];
}

export function joinItems(items: readonly string[]): JoinedItems {
  const starts: number[] = [];
  let length = 0;
  for (const item of items) {
    starts.push(length);
    length += item.length + 1;
  }
  return { text: items.join(' '), starts };
}

/** A part of one item. */
export interface ItemSpan extends Span {
  item: number;
}

/** Spans of the joined text as parts of its items, in their order. */
export function itemSpans({ text, starts }: JoinedItems, spans: readonly Span[]): ItemSpan[] {
  return spans.flatMap(({ start, end }) =>
    starts.flatMap((from, item) => {
      const to = (starts[item + 1] ?? text.length + 1) - 1;
      const part = { item, start: Math.max(start, from) - from, end: Math.min(end, to) - from };
      return part.end > part.start ? [part] : [];
    }),
  );
}
