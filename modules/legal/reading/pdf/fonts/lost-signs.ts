import type { TextRun } from '../pages/text-run.ts';

/*
 * Of a font without a character map a text is the numbers of its glyphs, and those of & ' ( ) * = are codes of white space,
 * which the library leaves out or makes a gap of. They still stand among the glyphs that a page draws, in the same order.
 */

/** Stands for glyph 32, which is no space. */
export const LOST_EQUALS = '\u{10ff20}';
/** Glyphs of the space and of the bracket that opens. */
const SPACE = '\u0003';
const OPENING = '\u000b';
/** What the library leaves out. */
const isDropped = (sign: string) => /^[\s\p{Cf}]$/u.test(sign);

interface DrawnSign {
  /** What the library takes it for. */
  sign: string;
  font: string;
}

/** The signs that a page draws, in order. */
export function drawnSigns(
  { fnArray, argsArray }: { fnArray: number[]; argsArray: unknown[] },
  { showText, setFont }: { showText: number; setFont: number },
): DrawnSign[] {
  const signs: DrawnSign[] = [];
  let font = '';
  for (const [index, operation] of fnArray.entries()) {
    const [first] = (argsArray[index] ?? []) as [unknown];
    if (operation === setFont) font = String(first);
    if (operation !== showText || !Array.isArray(first)) continue;
    for (const glyph of first as ({ unicode?: string } | number | null)[]) {
      const unicode = typeof glyph === 'object' ? (glyph?.unicode ?? '') : '';
      for (const sign of unicode) signs.push({ sign, font });
    }
  }
  return signs;
}

/**
 * The runs with what was left out of them; undefined where they are not what the page draws.
 * @param fonts those whose text is numbers of glyphs
 */
export function withLostSigns(
  items: readonly (TextRun | object)[],
  drawn: readonly DrawnSign[],
  fonts: ReadonlySet<string>,
): (TextRun | object)[] | undefined {
  const hasSpaces = drawn.some(({ sign, font }) => sign === SPACE && fonts.has(font));
  const lost = (from: number, to: number) =>
    drawn
      .slice(from, to)
      .filter(({ font }) => fonts.has(font))
      .map(({ sign }) => (sign === ' ' && hasSpaces ? LOST_EQUALS : sign))
      .join('');
  const result: (TextRun | object)[] = items.map((item) => ({ ...item }));
  let last: TextRun | undefined;
  let at = 0;
  for (const run of result) {
    if (!('str' in run)) continue;
    let text = '';
    let gap = '';
    for (const sign of run.str) {
      if (isDropped(sign)) {
        gap += sign;
        continue;
      }
      const from = at;
      while (at < drawn.length && drawn[at]?.sign !== sign && isDropped(drawn[at]?.sign ?? '')) at += 1;
      if (drawn[at]?.sign !== sign) return undefined;
      const found = lost(from, at);
      at += 1;
      if (text === '' && last) {
        // A bracket that opens belongs to what follows.
        const own = found.includes(OPENING) ? found.lastIndexOf(OPENING) : found.length;
        last.str += found.slice(0, own);
        text = gap + found.slice(own) + sign;
      } else text += joined(gap, found, hasSpaces) + sign;
      gap = '';
    }
    if (text === '') continue;
    run.str = text + gap;
    last = run;
  }
  if (drawn.slice(at).some(({ sign }) => !isDropped(sign))) return undefined;
  if (last) last.str += lost(at, drawn.length);
  return result;
}

/** A gap is that of the sign itself, unless spaces are gaps. */
function joined(gap: string, found: string, hasSpaces: boolean): string {
  if (found !== '' && hasSpaces) return found;
  return found.startsWith(OPENING) ? gap + found : found + gap;
}
