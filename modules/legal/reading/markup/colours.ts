/*
 * Text in the colour of its paper. Only white that is written down counts, on paper of which nothing says that it is dark:
 * what a shape, a table's style or a picture behind the text paints is not known, and text is left out only where no reader
 * can see it.
 */

/** Lighter in all of red, green and blue. */
const LEAST_WHITE = 0xf2;
/** Half points: nothing can be read that is so small. */
const TINY = 2;

/** How a text looks, as far as it decides whether it is seen. `size` in half points. */
interface SeenLook {
  hidden?: boolean | undefined;
  white?: boolean | undefined;
  shaded?: boolean | undefined;
  size?: number | undefined;
}

/** Whether a text is seen by no reader, on paper of which nothing says that it is dark. */
export const isUnseen = ({ hidden, white, shaded, size }: SeenLook, isOnPaper: boolean): boolean =>
  hidden === true || (size !== undefined && size > 0 && size <= TINY) || (white === true && !shaded && isOnPaper);

/** Whether red, green and blue, each up to 255, are the colour of paper; false where one is missing. */
export const isPaperRgb = (...parts: (number | undefined)[]): boolean =>
  parts.every((part) => part !== undefined && part >= LEAST_WHITE);

/** Whether a colour is that of paper: `FFFFFF`, `#fff`, `white`, `rgb(255, 255, 255)`. Undefined for what is none. */
export function isPaperColour(written: string | undefined): boolean | undefined {
  const colour = written?.trim().toLowerCase() ?? '';
  if (colour === 'white') return true;
  const hex = /^#?([\da-f]{3}|[\da-f]{6})$/.exec(colour)?.[1];
  if (hex !== undefined) {
    const parts = hex.length === 3 ? Array.from(hex, (sign) => sign + sign) : (hex.match(/../g) ?? []);
    return isPaperRgb(...parts.map((part) => Number.parseInt(part, 16)));
  }
  const [, red, green, blue, opacity] =
    /^rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})(?:[\s,/]+([\d.]{1,6})%?)?\s*\)$/.exec(colour) ?? [];
  if (red === undefined) return /^[a-z]{3,20}$/.test(colour) && !notColours.test(colour) ? false : undefined;
  return Number(opacity ?? 1) === 0 || isPaperRgb(Number(red), Number(green), Number(blue));
}

const notColours = /^(?:auto|inherit|initial|unset|revert|currentcolor|none|transparent)$/;
