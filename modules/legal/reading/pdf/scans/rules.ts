import { type Box, INK_BELOW, type PagePicture, WHITE } from './bitmap.ts';

/*
 * Ruled lines of a scan. Recognition takes a grid of them for a picture and leaves out what stands in it, so they are
 * taken away before, and what they part is known from their places. A rule is ink that continues far longer than a stroke of
 * a letter does, and is thin; a slightly turned one comes as several pieces, which are joined.
 */

export interface Rules {
  horizontal: Box[];
  vertical: Box[];
}

/** In inches. Strokes of headings and dashes are shorter, and no rule of a form is thicker. */
const leastLength = 0.32;
const mostThickness = 0.045;

/** Finds the rules of a picture and paints them white, in place; letters that touch one keep what stands out of it. */
export function takeRules(picture: PagePicture): Rules {
  const { dotsPerInch } = picture;
  const least = Math.round(leastLength * dotsPerInch);
  const thickness = Math.max(3, Math.round(mostThickness * dotsPerInch));
  const found = {
    horizontal: joinPieces(findRuns(picture, least, 'row'), thickness, 'row'),
    vertical: joinPieces(findRuns(picture, least, 'column'), thickness, 'column'),
  };
  const rules = {
    horizontal: found.horizontal.filter(
      ({ top, bottom, left, right }) => bottom - top <= Math.max(thickness, (right - left) * 0.03),
    ),
    vertical: found.vertical.filter(
      ({ top, bottom, left, right }) => right - left <= Math.max(thickness, (bottom - top) * 0.03),
    ),
  };
  for (const rule of rules.horizontal) erase(picture, rule, thickness, 'row');
  for (const rule of rules.vertical) erase(picture, rule, thickness, 'column');
  return rules;
}

type Direction = 'row' | 'column';

/** Runs of ink of at least this length, as boxes one pixel thick. */
function findRuns({ width, height, pixels }: PagePicture, least: number, direction: Direction): Box[] {
  const runs: Box[] = [];
  const [lines, length] = direction === 'row' ? [height, width] : [width, height];
  const step = direction === 'row' ? 1 : width;
  for (let line = 0; line < lines; line += 1) {
    let at = direction === 'row' ? line * width : line;
    let start = -1;
    for (let place = 0; place <= length; place += 1, at += step) {
      const isInk = place < length && (pixels[at] as number) < INK_BELOW;
      if (isInk && start < 0) start = place;
      if (!isInk && start >= 0) {
        if (place - start >= least) {
          runs.push(
            direction === 'row'
              ? { left: start, right: place, top: line, bottom: line + 1 }
              : { left: line, right: line + 1, top: start, bottom: place },
          );
        }
        start = -1;
      }
    }
  }
  return runs;
}

/** Pieces that overlap or follow each other with a small step belong to one rule. */
function joinPieces(pieces: readonly Box[], thickness: number, direction: Direction): Box[] {
  const rules: Box[] = [];
  for (const piece of pieces) {
    const rule = rules.findLast((each) => adjoins(each, piece, thickness, direction));
    if (rule) {
      rule.left = Math.min(rule.left, piece.left);
      rule.top = Math.min(rule.top, piece.top);
      rule.right = Math.max(rule.right, piece.right);
      rule.bottom = Math.max(rule.bottom, piece.bottom);
    } else rules.push({ ...piece });
  }
  return rules;
}

const adjoins = (a: Box, b: Box, thickness: number, direction: Direction): boolean =>
  direction === 'row'
    ? b.top - a.bottom <= 2 && b.bottom - a.top >= -2 && b.left <= a.right + thickness && b.right >= a.left - thickness
    : b.left - a.right <= 2 && b.right - a.left >= -2 && b.top <= a.bottom + thickness && b.bottom >= a.top - thickness;

/** Paints a rule white where it is thin; where ink crosses it, a letter stands on it. */
function erase({ width, height, pixels }: PagePicture, rule: Box, thickness: number, direction: Direction): void {
  const isRow = direction === 'row';
  const [from, to] = isRow ? [rule.left, rule.right] : [rule.top, rule.bottom];
  const [low, high] = isRow ? [rule.top, rule.bottom] : [rule.left, rule.right];
  const limit = isRow ? height : width;
  const index = (along: number, across: number) => (isRow ? across * width + along : along * width + across);
  const isInk = (along: number, across: number) =>
    across >= 0 && across < limit && (pixels[index(along, across)] as number) < INK_BELOW;
  for (let along = from; along < to; along += 1) {
    for (let across = low; across < high; across += 1) {
      if (!isInk(along, across)) continue;
      let end = across;
      while (end < limit && isInk(along, end)) end += 1;
      let start = across;
      while (start > 0 && isInk(along, start - 1)) start -= 1;
      // Gray edges go with it, or they would be left as a pale rule.
      if (end - start <= thickness) {
        for (let each = Math.max(0, start - 2); each < Math.min(limit, end + 2); each += 1)
          pixels[index(along, each)] = WHITE;
      }
      across = end;
    }
  }
}

/** A grid of rules: what it surrounds, where its rows end, and the rules between its columns. */
export interface Grid {
  box: Box;
  /** Tops and bottoms of its rows, from the top, one more than there are rows. */
  rows: number[];
  /** Vertical rules with the heights at which they stand. */
  columns: Box[];
}

/** Grids of at least two columns, from the top of the page. */
export function findGrids({ horizontal, vertical }: Rules, dotsPerInch: number): Grid[] {
  const near = Math.round(dotsPerInch * 0.08);
  const left = [...vertical].sort((a, b) => a.top - b.top);
  const grids: Grid[] = [];
  while (left.length > 0) {
    const box = { ...(left.shift() as Box) };
    const columns = [{ ...box }];
    for (let grown = true; grown; ) {
      grown = false;
      for (const [index, rule] of left.entries()) {
        const isBeside =
          rule.top < box.bottom + near && rule.bottom > box.top - near && areJoined(rule, columns, horizontal, near);
        if (!isBeside) continue;
        columns.push(rule);
        left.splice(index, 1);
        box.left = Math.min(box.left, rule.left);
        box.right = Math.max(box.right, rule.right);
        box.top = Math.min(box.top, rule.top);
        box.bottom = Math.max(box.bottom, rule.bottom);
        grown = true;
        break;
      }
    }
    const across = horizontal.filter(
      (rule) =>
        rule.top > box.top - near * 3 &&
        rule.bottom < box.bottom + near * 3 &&
        rule.left < box.right &&
        rule.right > box.left,
    );
    for (const rule of across) {
      box.left = Math.min(box.left, rule.left);
      box.right = Math.max(box.right, rule.right);
    }
    const inside = columns.filter(({ left: x }) => x > box.left + near && x < box.right - near);
    const edges = distinct([box.top, ...across.map(({ top, bottom }) => (top + bottom) >> 1), box.bottom], near);
    if (inside.length > 0 && edges.length > 1) grids.push({ box, rows: edges, columns: inside });
  }
  return grids.sort((a, b) => a.box.top - b.box.top);
}

/** Vertical rules belong to one grid when a horizontal one runs from one to the other. */
const areJoined = (rule: Box, columns: readonly Box[], horizontal: readonly Box[], near: number): boolean =>
  horizontal.some((across) => touches(across, rule, near) && columns.some((column) => touches(across, column, near)));

const touches = (across: Box, column: Box, near: number): boolean =>
  across.left <= column.right + near &&
  across.right >= column.left - near &&
  across.top <= column.bottom + near &&
  across.bottom >= column.top - near;

function distinct(places: readonly number[], near: number): number[] {
  const kept: number[] = [];
  for (const place of places.toSorted((a, b) => a - b)) {
    if (kept.length === 0 || place - (kept.at(-1) as number) > near) kept.push(place);
  }
  return kept;
}
