import type { Mark, MarkStyle } from './mark.ts';

export interface Line {
  text: string;
  /** Trimmed, its beginning only when it is long. */
  line: string;
  start: number;
  /** Of the whole line, line break left out. */
  end: number;
  isShort: boolean;
}

export const toMark = (
  style: MarkStyle,
  start: number,
  end: number,
  rest: Partial<Mark> & { label: string },
): Mark => ({
  style,
  start,
  end,
  number: [],
  titled: true,
  inline: false,
  ...rest,
});
