/*
 * Text in the colour of its paper. Only white that is written down counts, on paper of which nothing says that it is dark:
 * what a shape, a table's style or a picture behind the text paints is not known, and text is left out only where no reader
 * can see it.
 */

/** Lighter in all of red, green and blue. */
const LEAST_WHITE = 0xf2;

/** Whether a colour is that of paper: `FFFFFF`, `#fff`, `white`, `rgb(255, 255, 255)`. Undefined for what is none. */
export function isPaperColour(written: string | undefined): boolean | undefined {
  const colour = written?.trim().toLowerCase() ?? '';
  if (colour === 'white') return true;
  const hex = /^#?([\da-f]{3}|[\da-f]{6})$/.exec(colour)?.[1];
  if (hex !== undefined) {
    const parts = hex.length === 3 ? Array.from(hex, (sign) => sign + sign) : (hex.match(/../g) ?? []);
    return parts.every((part) => Number.parseInt(part, 16) >= LEAST_WHITE);
  }
  const [, red, green, blue, opacity] =
    /^rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})(?:[\s,/]+([\d.]{1,6})%?)?\s*\)$/.exec(colour) ?? [];
  if (red === undefined) return /^[a-z]{3,20}$/.test(colour) && !notColours.test(colour) ? false : undefined;
  return Number(opacity ?? 1) === 0 || [red, green, blue].every((part) => Number(part) >= LEAST_WHITE);
}

const notColours = /^(?:auto|inherit|initial|unset|revert|currentcolor|none|transparent)$/;
