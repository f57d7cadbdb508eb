import { placeOf, type TextRun } from './text-run.ts';

/*
 * What a page shows though its own content has it not: filled form fields, check boxes and text that somebody has put on
 * top of it. Each takes its place among the runs of the page, so that it is read where it is seen.
 */

/** What is used of an annotation as PDF.js gives it. */
export interface Annotation {
  id?: string;
  hasAppearance?: boolean;
  /** The text that its own drawing holds. */
  drawn?: string | undefined;
  subtype?: string;
  annotationFlags?: number;
  rect?: number[];
  fieldType?: string;
  fieldValue?: unknown;
  options?: { exportValue?: string; displayValue?: string }[];
  password?: boolean;
  checkBox?: boolean;
  radioButton?: boolean;
  exportValue?: string;
  buttonValue?: string;
  contentsObj?: { str?: string };
  textContent?: string[];
}

const HIDDEN = 0x02;
const NO_VIEW = 0x20;

/** Whether a reader shows an annotation on the screen. */
export const isShown = ({ annotationFlags = 0 }: Annotation): boolean => (annotationFlags & (HIDDEN | NO_VIEW)) === 0;

interface Value {
  text: string;
  rect: number[];
}

/** The runs of a page with the values of what lies on it. */
export function withValues(
  items: readonly (TextRun | object)[],
  annotations: readonly Annotation[],
): (TextRun | object)[] {
  const values = annotations.flatMap(shownValue);
  if (values.length === 0) return [...items];
  const runs = [...items];
  const [a, b, c, d] = runs.find(isVisible)?.transform ?? [1, 0, 0, 1];
  const length = Math.hypot(a ?? 1, b ?? 0) || 1;
  const unit = [a ?? 1, b ?? 0, c ?? 0, d ?? 1].map((each) => each / length);
  const placed = values.map(({ text, rect }) => ({ text, ...box(rect, unit) }));
  for (const value of placed.sort((one, other) => one.down - other.down || one.along - other.along))
    insert(runs, value, unit);
  return runs;
}

const isVisible = (item: TextRun | object): item is TextRun => 'str' in item && item.str.trim() !== '';

function shownValue(annotation: Annotation): Value[] {
  const { subtype, rect, fieldType } = annotation;
  if (!rect || rect.length < 4 || !isShown(annotation)) return [];
  let text: string | undefined;
  if (annotation.drawn) text = annotation.drawn;
  else if (subtype === 'FreeText') text = annotation.contentsObj?.str || annotation.textContent?.join('\n');
  else if (subtype === 'Widget' && fieldType === 'Btn') text = boxValue(annotation);
  else if (subtype === 'Widget' && !annotation.password) text = fieldValue(annotation);
  return text?.trim() ? [{ text: text.trim(), rect }] : [];
}

function boxValue({ checkBox, radioButton, fieldValue, exportValue, buttonValue }: Annotation): string | undefined {
  if (!checkBox && !radioButton) return undefined;
  const own = checkBox ? exportValue : buttonValue;
  return typeof fieldValue === 'string' && fieldValue !== 'Off' && (own === undefined || own === fieldValue)
    ? '☒'
    : '☐';
}

function fieldValue({ fieldType, fieldValue: value, options = [] }: Annotation): string | undefined {
  if (fieldType !== 'Tx' && fieldType !== 'Ch') return undefined;
  const chosen = (Array.isArray(value) ? value : [value]).filter((each) => typeof each === 'string');
  return chosen.map((each) => options.find(({ exportValue }) => exportValue === each)?.displayValue ?? each).join(', ');
}

/** The box of a rectangle along and across the writing, which may be turned. */
function box([left = 0, low = 0, right = 0, high = 0]: number[], [a = 1, b = 0, c = 0, d = 1]: number[]) {
  const corners = [
    [left, low],
    [right, low],
    [left, high],
    [right, high],
  ].map(([x = 0, y = 0]) => placeOf([a, b, c, d, x, y]));
  const downs = corners.map(({ down }) => down);
  const alongs = corners.map(({ along }) => along);
  const [top, bottom] = [Math.min(...downs), Math.max(...downs)];
  return { top, down: (top + bottom) / 2, bottom, along: Math.min(...alongs), end: Math.max(...alongs) };
}

/** Puts a value behind what stands before it in its line, or between the lines around it. */
function insert(runs: (TextRun | object)[], value: ReturnType<typeof box> & { text: string }, unit: number[]): void {
  const height = value.bottom - value.top;
  const size = Math.min(12, Math.max(6, height * 0.7));
  const [first = '', ...more] = value.text.split(/\r\n?|\n/);
  let before: { at: number; along: number } | undefined;
  let above: { at: number; down: number } | undefined;
  for (const [at, run] of runs.entries()) {
    if (!isVisible(run)) continue;
    const { along, down, size: letters } = placeOf(run.transform);
    const isBeside =
      down > value.top - letters * 0.2 && down - letters * 0.7 < value.top + Math.max(size, Math.min(height, 20));
    if (isBeside && along <= value.along && along >= (before?.along ?? Number.NEGATIVE_INFINITY))
      before = { at, along };
    if (down < value.down && down >= (above?.down ?? Number.NEGATIVE_INFINITY)) above = { at, down };
  }
  const neighbour = before && (runs[before.at] as TextRun);
  const down = neighbour ? placeOf(neighbour.transform).down : value.top + size;
  const run = (str: string, line: number, hasEOL: boolean): TextRun => ({
    str,
    transform: at(unit, value.along, down + line * size * 1.2, size),
    hasEOL,
    width: value.end - value.along,
  });
  const lines = [first, ...more].map((line, index, all) => run(line, index, index < all.length - 1));
  if (neighbour && before) {
    const last = lines.at(-1) as TextRun;
    const lead: TextRun = { ...neighbour, str: ' ', width: 0, hasEOL: false };
    runs.splice(before.at, 1, { ...neighbour, hasEOL: false }, lead, ...lines.slice(0, -1), {
      ...last,
      hasEOL: neighbour.hasEOL,
    });
    return;
  }
  let place = above ? above.at : -1;
  // Behind the end of the line above, which may be an empty run of its own.
  while (place >= 0 && place < runs.length - 1 && !endsLine(runs[place])) place += 1;
  const ended = runs[place];
  if (ended && 'str' in ended) runs[place] = { ...ended, hasEOL: true };
  runs.splice(place + 1, 0, ...lines.map((each) => ({ ...each, hasEOL: true })));
}

const endsLine = (item: TextRun | object | undefined) => item !== undefined && 'str' in item && item.hasEOL;

/** The transformation of a run at a place of the writing: the reverse of `placeOf`. */
function at([a = 1, b = 0, c = 0, d = 1]: number[], along: number, down: number, size: number): number[] {
  return [a * size, b * size, c * size, d * size, a * along + b * down, b * along - a * down];
}
