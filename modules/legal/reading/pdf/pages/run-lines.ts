import { joinScripts, type Script } from '../../markup/superscripts.ts';
import { type Place, placeOf, type TextRun } from './text-run.ts';

/*
 * Runs of a page as its lines, in the order in which they were written. Where a line ends is for PDF.js to say, except
 * that what is raised or lowered, or drawn a second time to look bold, stays in its line.
 */

/** A stretch of a line without a wide gap in it. */
export interface LinePart extends Place {
  text: string;
  end: number;
}

export interface RunLine {
  parts: LinePart[];
  text: string;
  /** Of its first visible part; undefined without the place of one. */
  down: number | undefined;
  /** Where its last line stands, when it is several. */
  bottom?: number | undefined;
  size: number;
}

interface Piece extends Place {
  text: string;
  /** Undefined where its width is not known. */
  end: number | undefined;
}

/** Gaps this wide, in sizes of the letters, stand between the cells of a table. */
const wideGap = 0.9;
const softHyphen = '\u00ad';

export function runLines(items: readonly (TextRun | object)[]): RunLine[] {
  const lines: Piece[][] = [[]];
  const drawn = createDrawn();
  let ended = false;
  for (const item of items) {
    if (!('str' in item)) continue;
    let line = lines.at(-1) as Piece[];
    const place = placeOf(item.transform);
    const end = item.width === undefined ? undefined : place.along + item.width;
    const visible = item.str.trim() !== '';
    if (ended && visible && !goesOn(line, place)) {
      line = [];
      lines.push(line);
    }
    if (visible) ended = false;
    const text = closeSpaced(visible ? withoutDrawn(line, item.str, place, end) : item.str);
    if (text !== '' && !(visible && drawn({ ...place, text: item.str, end }))) {
      const before = line.findLast((each) => each.text.trim() !== '');
      const gap = before?.end === undefined ? 0 : place.along - before.end;
      if (visible && before && gap > place.size * 0.25 && !/\s$/.test(line.at(-1)?.text ?? '')) {
        line.push({ ...place, text: ' ', end: place.along });
      }
      line.push({ ...place, text, end });
    }
    ended ||= item.hasEOL;
  }
  return lines.map(toLine).filter(({ text }) => text.trim() !== '');
}

/** Whether what comes behind a line's end belongs to it all the same: raised, lowered, or what such a one stands on. */
function goesOn(line: readonly Piece[], place: Place): boolean {
  const last = line.findLast(({ text }) => text.trim() !== '');
  if (last?.end === undefined) return false;
  const size = Math.max(last.size, place.size);
  const gap = place.along - last.end;
  const across = Math.abs(place.down - baseOf(line).down);
  if (across < size * 0.1) return Math.abs(gap) < size * 0.6;
  const isSmall = Math.min(last.size, place.size) < size * 0.9;
  return isSmall && gap > size * -0.2 && gap < size * 0.4 && across < size * 0.7;
}

/** Text without its beginning where that is drawn over the same letters before it, as programs without a bold face do. */
function withoutDrawn(line: readonly Piece[], text: string, { along, down, size }: Place, end: number | undefined) {
  const last = line.findLast((piece) => piece.text.trim() !== '');
  if (last?.end === undefined || end === undefined || Math.abs(last.down - down) > size * 0.1) return text;
  const overlap = last.end - along;
  const advance = (end - along) / text.length;
  if (overlap < advance * 0.5 || overlap < size * 0.15) return text;
  const written = line.map((piece) => piece.text).join('');
  for (let length = text.length; length > 0; length -= 1) {
    const isThere = written.endsWith(text.slice(0, length));
    if (isThere && Math.abs(length * advance - overlap) < Math.max(advance, size * 0.3)) return text.slice(length);
  }
  return text;
}

/** Tells of each run whether the same one was drawn before at the same place. */
function createDrawn(): (piece: Piece) => boolean {
  const places = new Map<string, Place[]>();
  return ({ text, along, down, size, end }) => {
    if (end === undefined) return false;
    const same = places.get(text) ?? [];
    const near = size * 0.12;
    if (same.some((each) => Math.abs(each.along - along) < near && Math.abs(each.down - down) < near)) return true;
    if (same.length < 20) places.set(text, [...same, { along, down, size }]);
    return false;
  };
}

/** «Д О Г О В О Р» as one word. Figures are left: the columns of tables are numbered so. */
const closeSpaced = (text: string): string =>
  /^\s*\p{L}(?: \p{L}){2,}\s*[.,:;]?\s*$/u.test(text)
    ? text.replaceAll(/(?<=\S) (?=\S)/g, '')
    : text.replaceAll(/(?<![\p{L}\p{N}])\p{L}(?: \p{L}){3,}(?![\p{L}\p{N}])/gu, (word) => word.replaceAll(' ', ''));

/** Size and place of most of a line's letters; of two that have as many, of the larger. */
function baseOf(line: readonly Piece[]): Place {
  const letters = new Map<number, number>();
  const round = ({ size }: Place) => Math.round(size * 4) / 4;
  for (const piece of line) letters.set(round(piece), (letters.get(round(piece)) ?? 0) + piece.text.trim().length);
  const [usual] = [...letters].sort(([a, m], [b, n]) => n - m || b - a)[0] ?? [0];
  const visible = line.filter((piece) => round(piece) === usual && piece.text.trim() !== '');
  const longest = visible.reduce<Piece | undefined>((a, b) => (a && a.text.length >= b.text.length ? a : b), undefined);
  return longest ?? line[0] ?? { along: 0, down: 0, size: 1 };
}

function scriptOf(piece: Piece, base: Place): Script | undefined {
  const up = (base.down - piece.down) / base.size;
  if (!(Math.abs(up) < 0.8)) return undefined;
  const isSmall = piece.size < base.size * 0.9;
  if (up > (isSmall ? 0.12 : 0.25)) return 'super';
  return isSmall && up < -0.06 ? 'sub' : undefined;
}

function toLine(line: readonly Piece[]): RunLine {
  const base = baseOf(line);
  const join = (pieces: readonly Piece[]) =>
    visibleHyphens(joinScripts(pieces.map((each) => ({ text: each.text, script: scriptOf(each, base) }))).trimEnd());
  const parts: LinePart[] = [];
  let open: Piece[] = [];
  const close = () => {
    const shown = open.filter(({ text }) => text.trim() !== '');
    const last = shown.at(-1);
    if (shown[0] && last?.end !== undefined) parts.push({ ...shown[0], text: join(open).trim(), end: last.end });
    open = [];
  };
  for (const piece of line) {
    const last = open.findLast(({ text }) => text.trim() !== '');
    const isWide = last?.end !== undefined && piece.along - last.end > base.size * wideGap;
    if (isWide && piece.text.trim() !== '') close();
    open.push(piece);
  }
  close();
  const first = line.find(({ text }) => text.trim() !== '');
  return { parts, text: join(line), down: first && (scriptOf(first, base) ? base.down : first.down), size: base.size };
}

const visibleHyphens = (text: string) => text.slice(0, -1).replaceAll(softHyphen, '-') + text.slice(-1);
