/** One run of text on a PDF page, as PDF.js gives it; marked content, which has no text, comes in the same list. */
export interface TextRun {
  str: string;
  /** `[a, b, c, d, x, y]`: text space to page space. */
  transform: number[];
  hasEOL: boolean;
}

interface Line {
  text: string;
  /** Distance down the page, across the direction of writing; undefined for lines without a visible run. */
  down: number | undefined;
}

/** Lines this much further apart than usual on the page begin a paragraph. */
const paragraphGap = 1.25;
const softHyphen = '\u00ad';

/**
 * The text of a page in the order in which it was written, one line each, a blank line where the gap is wider than
 * usual. A soft hyphen inside a line is printed, so it is a hyphen; at a line's end it stays for `normalizeText` to join.
 */
export function pageLines(items: readonly (TextRun | object)[]): string {
  const lines = toLines(items);
  const usual = usualGap(lines);
  let text = '';
  let above: number | undefined;
  for (const line of lines) {
    const gap = above === undefined || line.down === undefined ? 0 : line.down - above;
    if (text !== '') text += gap > usual * paragraphGap || gap < -usual * paragraphGap ? '\n\n' : '\n';
    text += line.text;
    above = line.down ?? above;
  }
  return text;
}

function toLines(items: readonly (TextRun | object)[]): Line[] {
  const lines: Line[] = [];
  let line: Line = { text: '', down: undefined };
  for (const item of items) {
    if (!('str' in item)) continue;
    line.text += item.str;
    if (item.str.trim() !== '') line.down ??= distanceDown(item.transform);
    if (item.hasEOL) {
      lines.push(line);
      line = { text: '', down: undefined };
    }
  }
  lines.push(line);
  return lines
    .filter((each) => each.text.trim() !== '')
    .map((each) => ({ ...each, text: visibleHyphens(each.text.trimEnd()) }));
}

/** The position across the writing, which may be turned: pages that are shown rotated are written so. */
function distanceDown([a = 1, b = 0, , , x = 0, y = 0]: number[]): number {
  const length = Math.hypot(a, b) || 1;
  return (b * x - a * y) / length;
}

function usualGap(lines: Line[]): number {
  const gaps: number[] = [];
  for (const [index, line] of lines.entries()) {
    const above = lines[index - 1]?.down;
    if (above !== undefined && line.down !== undefined && line.down > above) gaps.push(line.down - above);
  }
  return gaps.sort((a, b) => a - b)[Math.floor((gaps.length - 1) / 2)] ?? Number.POSITIVE_INFINITY;
}

const visibleHyphens = (text: string) => text.slice(0, -1).replaceAll(softHyphen, '-') + text.slice(-1);
