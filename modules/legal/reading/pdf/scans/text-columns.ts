import { type Box, INK_BELOW, type PagePicture } from './bitmap.ts';

/*
 * Columns of running text on a scan. Recognition joins lines of two columns that are printed close together. A column is
 * told by the white gutter next to it that runs down a good part of the page while the text on both sides fills its lines;
 * lists and tables without rules leave their lines short, and are left as they are.
 */

/** In inches. */
const leastGutter = 0.1;
/** Of the height of the text. */
const leastHeight = 0.3;
const leastLines = 5;
/** Of a column's lines, so many reach far. */
const fullLines = 0.5;
const farShare = 0.75;

/** A part in reading order: what stands above its columns, each of them, what stands below. */
export function textParts(picture: PagePicture, part: Box): Box[] {
  return split(picture, part, 2);
}

/** A part without the blank paper above and below what stands in it. */
function withoutMargins({ width, pixels }: PagePicture, part: Box): Box {
  const isBlank = (y: number) => {
    for (let at = y * width + part.left; at < y * width + part.right; at += 1) {
      if ((pixels[at] as number) < INK_BELOW) return false;
    }
    return true;
  };
  let { top, bottom } = part;
  while (top < bottom && isBlank(top)) top += 1;
  while (bottom > top && isBlank(bottom - 1)) bottom -= 1;
  return { ...part, top, bottom };
}

function split(picture: PagePicture, part: Box, deep: number): Box[] {
  const gutter = deep > 0 ? findGutter(picture, withoutMargins(picture, part)) : undefined;
  if (!gutter) return [part];
  const { left, right, top, bottom } = gutter;
  const middle = (left + right) >> 1;
  const above = { ...part, bottom: top };
  const below = { ...part, top: bottom };
  const columns = [
    { ...part, top, bottom, right: middle },
    { ...part, top, bottom, left: middle },
  ];
  return [
    above,
    ...columns.flatMap((column) => split(picture, column, deep - 1)),
    ...split(picture, below, deep - 1),
  ].filter((each) => each.bottom - each.top > 10);
}

/** The longest white strip in the middle of a part that has full lines on both sides. */
function findGutter(picture: PagePicture, part: Box): Box | undefined {
  const { width, pixels, dotsPerInch } = picture;
  const across = part.right - part.left;
  const wide = Math.round(leastGutter * dotsPerInch);
  const least = Math.round((part.bottom - part.top) * leastHeight);
  let best: Box | undefined;
  const step = Math.max(2, wide >> 2);
  for (let x = part.left + Math.round(across * 0.2); x < part.right - across * 0.2 - wide; x += step) {
    let start = part.top;
    for (let y = part.top; y <= part.bottom; y += 1) {
      let isWhite = y < part.bottom;
      for (let at = y * width + x; isWhite && at < y * width + x + wide; at += 2) {
        if ((pixels[at] as number) < INK_BELOW) isWhite = false;
      }
      if (isWhite) continue;
      if (y - start >= least && y - start > (best ? best.bottom - best.top : 0) * 1.02) {
        best = { left: x, right: x + wide, top: start, bottom: y };
      }
      start = y + 1;
    }
  }
  if (!best) return undefined;
  const { left, right, top, bottom } = best;
  const middle = (left + right) >> 1;
  const sides = [
    { ...part, top, bottom, right: middle },
    { ...part, top, bottom, left: middle },
  ];
  return sides.every((side) => hasFullLines(picture, side)) ? best : undefined;
}

/** Whether a part holds enough lines, and enough of them reach as far as the others. */
function hasFullLines({ width, pixels, dotsPerInch }: PagePicture, part: Box): boolean {
  const extents: { from: number; to: number; height: number }[] = [];
  let line: { from: number; to: number; height: number } | undefined;
  for (let y = part.top; y <= part.bottom; y += 1) {
    let [from, to] = [-1, -1];
    if (y < part.bottom) {
      for (let x = part.left; x < part.right; x += 1) {
        if ((pixels[y * width + x] as number) >= INK_BELOW) continue;
        if (from < 0) from = x;
        to = x;
      }
    }
    if (from >= 0) {
      line = line
        ? { from: Math.min(line.from, from), to: Math.max(line.to, to), height: line.height + 1 }
        : { from, to, height: 1 };
    } else if (line) {
      // Specks are no lines.
      if (line.height > dotsPerInch * 0.03) extents.push(line);
      line = undefined;
    }
  }
  if (extents.length < leastLines) return false;
  const left = Math.min(...extents.map(({ from }) => from));
  const right = Math.max(...extents.map(({ to }) => to));
  const full = extents.filter(({ to }) => to - left >= (right - left) * farShare).length;
  return right - left >= dotsPerInch * 1.2 && full >= extents.length * fullLines;
}
