/** One run of text on a PDF page, as PDF.js gives it; marked content, which has no text, comes in the same list. */
export interface TextRun {
  str: string;
  /** `[a, b, c, d, x, y]`: text space to page space. */
  transform: number[];
  hasEOL: boolean;
  fontName?: string;
  /** Along the writing, in points. */
  width?: number;
}

/** Where a run stands, in points, whichever way the page is turned. */
export interface Place {
  /** Along the direction of writing. */
  along: number;
  /** Across it, downwards. */
  down: number;
  /** Of the letters. */
  size: number;
}

export function placeOf([a = 1, b = 0, c = 0, d = 1, x = 0, y = 0]: readonly number[]): Place {
  const length = Math.hypot(a, b) || 1;
  return { along: (a * x + b * y) / length, down: (b * x - a * y) / length, size: Math.hypot(c, d) };
}
