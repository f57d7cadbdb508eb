import { findMarks } from './find-marks.ts';
import { type Mark, ranks } from './mark.ts';
import { isInCapitals } from './title.ts';

/** A legal unit with those inside it. */
export interface Section {
  mark: Mark | undefined;
  start: number;
  end: number;
  children: Section[];
}

/** Deeper units count as neighbours; hostile lists nest without end. */
const deepest = 12;

/**
 * The tree of a text's units; the root is the whole text. Units with a name nest by their rank, decimals by their
 * figures, other numbers by what is open: a list that is going on takes its next number, a new kind of number begins a
 * list inside. A number in the middle of a line counts only where it is the one to come.
 */
export function outlineOf(text: string): Section {
  const root: Section = { mark: undefined, start: 0, end: text.length, children: [] };
  const state: State = { text, open: [root], whole: 0 };
  const { open } = state;
  let behind = -1;
  for (const readings of findMarks(text)) {
    const mark = choose(readings, state);
    if (mark === undefined || mark.start <= behind) continue;
    const depth = Math.min(depthFor(mark, state), deepest);
    for (const closed of open.splice(depth)) closed.end = mark.start;
    const isTable = mark.style === 'contents';
    const section: Section = { mark, start: mark.start, end: isTable ? mark.end : text.length, children: [] };
    (open.at(-1) as Section).children.push(section);
    if (!isTable) open.push(section);
    behind = isTable ? mark.end - 1 : mark.start;
    // A section quoted in an amendment does not end the amendment's own count.
    if (mark.style === 'unit' && mark.rank !== ranks.section) state.whole = 0;
    if (isWholeNumber(mark)) state.whole = lastFigure(mark);
  }
  return root;
}

interface State {
  text: string;
  /** From the root to the innermost unit that is open. */
  open: Section[];
  /** The last section number («3.») since the last unit with a name: headings between do not end the count. */
  whole: number;
}

const lastFigure = (mark: Mark) => mark.number.at(-1) ?? 0;
const isWholeNumber = (mark: Mark | undefined) => mark?.style === 'decimal' && mark.number.length === 1;
const isSame = (a: readonly number[], b: readonly number[]) =>
  a.length === b.length && a.every((figure, index) => figure === b[index]);
const isPrefix = (outer: readonly number[], inner: readonly number[]) => isSame(outer, inner.slice(0, outer.length));
const isNext = (before: Mark, mark: Mark) =>
  lastFigure(mark) === lastFigure(before) + 1 && isSame(before.number.slice(0, -1), mark.number.slice(0, -1));

/** Of several readings of a number the one that continues with an open list, else the first that begins one. */
function choose(readings: Mark[], state: State): Mark | undefined {
  const usable = readings.filter((mark) => isPlausible(mark, state));
  const goesOn = usable.find((mark) => siblingDepth(mark, state.open, true) !== undefined);
  return goesOn ?? usable.find((mark) => lastFigure(mark) === 1) ?? usable[0];
}

function isPlausible(mark: Mark, { open, whole }: State): boolean {
  if (mark.style !== 'decimal') return true;
  if (mark.number.length > 1) return !mark.inline || isNextDecimal(mark, open);
  const figure = lastFigure(mark);
  if (siblingDepth(mark, open, true) !== undefined) return true;
  // One section in between may have been missed.
  if (mark.inline) return mark.titled && figure > whole && figure <= whole + 2;
  return whole === 0 || figure === 1 || mark.titled || (figure > whole && figure < whole + 10);
}

/** 4.3 behind 4.2, 4.1 inside 4, or 5.1 behind 4.x where the heading of 5 was missed. */
function isNextDecimal(mark: Mark, open: Section[]): boolean {
  const outer = mark.number.slice(0, -1);
  const isFirst = lastFigure(mark) === 1;
  return open.some(({ mark: other }) => {
    if (other === undefined || (other.style !== 'decimal' && other.style !== 'unit')) return false;
    if (isNext(other, mark)) return true;
    if (!isFirst) return false;
    return (
      isSame(other.number, outer) || (mark.titled && other.number.length === outer.length && isNextNumber(other, outer))
    );
  });
}

const isNextNumber = (other: Mark, number: readonly number[]) =>
  isSame(other.number.slice(0, -1), number.slice(0, -1)) && number.at(-1) === lastFigure(other) + 1;

/** How many of the open units stay open around a mark. */
function depthFor(mark: Mark, state: State): number {
  switch (mark.style) {
    case 'unit':
      return depthOfUnit(mark, state.open);
    case 'contents':
      return 1;
    case 'plain':
      return depthOfPlain(mark, state.open);
    case 'decimal':
      return mark.number.length > 1 ? depthOfDecimal(mark, state) : depthOfWhole(mark, state);
    case 'roman':
    case 'capital':
      return siblingDepth(mark, state.open, false) ?? depthBehindPlain(mark, state);
    default:
      return siblingDepth(mark, state.open, false) ?? state.open.length;
  }
}

/** Index of the first open unit of this rank or a lower one; numbered clauses and plain headings close. */
function depthOfUnit(mark: Mark, open: Section[]): number {
  const index = open.findIndex(
    (section, at) => at > 0 && (section.mark?.rank ?? Number.POSITIVE_INFINITY) >= (mark.rank ?? 0),
  );
  return index === -1 ? open.length : index;
}

/**
 * A heading without a number ends the one before of its kind. In capitals it also ends the others, and numbered sections
 * whose titles are not; else it is one inside the section.
 */
function depthOfPlain(mark: Mark, open: Section[]): number {
  const isMajor = isInCapitals(mark.label);
  const plain = open.findLastIndex(
    ({ mark: other }) => other?.style === 'plain' && isMajor === isInCapitals(other.label),
  );
  if (plain !== -1 && (isMajor || !open.slice(plain).some(({ mark: other }) => isWholeNumber(other)))) return plain;
  const lesser = open.findIndex(({ mark: other }) => {
    if (other === undefined || other.rank !== undefined || (other.style === 'plain' && !isMajor)) return false;
    return isMajor ? !isInCapitals(other.label.replace(/^\S{1,6}\s/, '')) : other.style.startsWith('bracket');
  });
  return lesser === -1 ? open.length : lesser;
}

function depthOfDecimal(mark: Mark, state: State): number {
  const { open } = state;
  const outer = open.findLastIndex(
    ({ mark: other }) =>
      other !== undefined &&
      other.number.length < mark.number.length &&
      isPrefix(other.number, mark.number) &&
      (other.style === 'decimal' || (other.rank ?? 0) >= ranks.paragraph),
  );
  if (outer > 0) return outer + 1;
  const decimal = open.findIndex(({ mark: other }) => other?.style === 'decimal');
  return decimal === -1 ? depthBehindPlain(mark, state) : decimal;
}

function depthOfWhole(mark: Mark, state: State): number {
  const next = siblingDepth(mark, state.open, true);
  if (next !== undefined) return next;
  const sibling = siblingDepth(mark, state.open, false);
  const section = state.open.findIndex(({ mark: other }) => other?.rank === ranks.section && other.number.length > 1);
  if (section !== -1 && state.whole > 0 && lastFigure(mark) === state.whole + 1) return section;
  // A first number without a title inside a numbered section begins a list in it.
  if (sibling !== undefined) return lastFigure(mark) > 1 || mark.titled ? sibling : state.open.length;
  const deeper = state.open.findIndex(({ mark: other }) => other?.style === 'decimal');
  return deeper === -1 ? depthBehindPlain(mark, state) : deeper;
}

/** A list or section stands below a plain heading only when nothing is between them. */
function depthBehindPlain(mark: Mark, { text, open }: State): number {
  const last = open.at(-1)?.mark;
  if (last?.style === 'plain') {
    const isDirect = mark.start - last.end <= 200 && text.slice(last.end, mark.start).trim() === '';
    if (isDirect) return open.length;
  }
  const plain = open.findLastIndex(({ mark: other }) => other?.style === 'plain');
  const isAround = plain !== -1 && open.slice(plain + 1).some(({ mark: other }) => other?.style === 'decimal');
  return plain === -1 || isAround ? open.length : plain;
}

/** The place of the open list that a number continues with: exactly the next one, or one of its kind at all. */
function siblingDepth(mark: Mark, open: Section[], exactly: boolean): number | undefined {
  const siblings = open.flatMap(({ mark: other }, index) =>
    other !== undefined && other.style === mark.style && other.number.length === mark.number.length
      ? [{ other, index }]
      : [],
  );
  const next = siblings.filter(({ other }) => isNext(other, mark));
  const found = next.findLast(({ other }) => other.titled === mark.titled) ?? next.at(-1);
  return (found ?? (exactly ? undefined : siblings.at(-1)))?.index;
}
