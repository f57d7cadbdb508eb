import type { DrawnPage } from './pictures.ts';
import type { WordBox } from './word-boxes.ts';

/** A recognized word as it is seen on the page. */
export interface SeenWord {
  text: string;
  /** Left, top, width and height on the page as it is displayed, in tenths of a point. */
  box: [number, number, number, number];
}

export interface SeenWords {
  /** Of the page as it is displayed, in points. */
  size: { width: number; height: number };
  words: SeenWord[];
}

const TENTHS = 10;

/** The words of a picture of a page on the page itself. */
export function seenWords(words: readonly WordBox[], { width, height, size }: DrawnPage): SeenWords {
  const across = (pixels: number) => Math.round((pixels / width) * size.width * TENTHS);
  const down = (pixels: number) => Math.round((pixels / height) * size.height * TENTHS);
  return {
    size: { width: Math.round(size.width * TENTHS) / TENTHS, height: Math.round(size.height * TENTHS) / TENTHS },
    words: words.map(({ text, left, top, right, bottom }) => ({
      text,
      box: [across(left), down(top), across(right - left), down(bottom - top)],
    })),
  };
}
