/*
 * Tables as lines. A row is one line that says by itself what its figures are: with the headings of its columns where
 * the table has some («Месяц: февраль | Плата: 130 000»), and with the values of cells that reach down into it. Rows
 * are given one by one; of a table nothing is kept but its headings and what reaches into the next row.
 */

export interface TableCell {
  /** Its paragraphs. */
  lines: readonly string[];
  /** Columns that it takes, from 1. */
  columns?: number | undefined;
  /** Rows that it takes, from 1. */
  rows?: number | undefined;
  /** It shows what the cell above shows. */
  goesOn?: boolean | undefined;
  /** All of it is bold, or it is marked as a heading. */
  strong?: boolean | undefined;
}

export interface TableRow {
  cells: readonly TableCell[];
  /** The file marks it as a row of headings. */
  isHeader?: boolean | undefined;
  /** Columns that are left free before the first cell. */
  skipped?: number | undefined;
}

interface Placed {
  text: string;
  lines: readonly string[];
  start: number;
  end: number;
  strong: boolean;
}

/** Beyond them cells are neither named nor carried down; no table that a person reads is so wide. */
const mostColumns = 200;
const longestHeading = 120;
const longestCarried = 500;
const longestRow = 1000;
const mostHeadingRows = 4;

export interface TableRows {
  /** @returns the lines of the next row */
  row(row: TableRow): string[];
}

export function createTableRows(): TableRows {
  const headings: string[] = [];
  /** Rows so far, headings included. */
  let count = 0;
  let headingRows = 0;
  /** The headings are known by their bold letters only. */
  let isGuess = false;
  /** The first row. */
  let first: Placed[] | undefined;
  let above: (Placed | undefined)[] = [];
  let reaching: { placed: Placed; rows: number }[] = [];

  const addHeadings = (placed: readonly Placed[]) => {
    headingRows += 1;
    for (const { text, start, end } of placed) {
      if (text === '' || text.length > longestHeading) continue;
      for (let column = start; column < Math.min(end, mostColumns); column += 1) {
        const former = headings[column] ?? '';
        if (former === '') headings[column] = text;
        // Of a heading that reaches over several rows each gives it again.
        else if (former !== text && !former.endsWith(`, ${text}`)) headings[column] = `${former}, ${text}`;
      }
    }
  };

  return {
    row({ cells, isHeader = false, skipped = 0 }) {
      const placed = place(cells, skipped, above, reaching);
      reaching = placed.reaching;
      above = placed.above;
      const row = placed.row;
      count += 1;
      const allStrong = row.length > 1 && row.every(({ strong, text }) => strong && text !== '');
      // Pairs of a bold name and a value, and tables that are bold throughout, have no headings.
      const isPair = row.length === 2 && row[0]?.strong === true;
      const isDivided = first?.some(({ start, end }) => end - start > 1) === true;
      if (count > 1 && isGuess && (allStrong ? !isDivided : isPair)) {
        headings.length = 0;
        headingRows = 0;
        isGuess = false;
      }
      const goesOn = headingRows === count - 1 && headingRows < mostHeadingRows;
      if (goesOn && (isHeader || (allStrong && looksLikeHeadings(row)))) {
        addHeadings(row);
        isGuess ||= !isHeader;
        first ??= row;
        return toLines(row, []);
      }
      if (count === 1) first = row;
      else if (count === 2 && first && headingRows === 0 && headsColumns(first, row)) addHeadings(first);
      return isNoData(row, headings) ? toLines(row, []) : toLines(row, headings);
    },
  };
}

/** Puts the cells of a row into their columns, around those that reach down into it. */
function place(
  cells: readonly TableCell[],
  skipped: number,
  above: readonly (Placed | undefined)[],
  reached: readonly { placed: Placed; rows: number }[],
) {
  const row: Placed[] = [];
  const reaching: { placed: Placed; rows: number }[] = [];
  const below: (Placed | undefined)[] = [];
  const from = new Map(reached.map((each) => [each.placed.start, each]));
  let column = skipped;
  const add = (placed: Placed, rows: number) => {
    row.push(placed);
    column = placed.end;
    if (rows > 1 && placed.end <= mostColumns) reaching.push({ placed, rows });
    if (placed.start < mostColumns) below[placed.start] = placed;
  };
  const addReached = () => {
    for (let each = from.get(column); each; each = from.get(column)) {
      from.delete(column);
      add(each.placed, each.rows - 1);
    }
  };
  for (const { lines, columns = 1, rows = 1, goesOn = false, strong = false } of cells) {
    addReached();
    const text = join(lines);
    const end = column + Math.max(1, Math.min(columns, mostColumns));
    const upper = goesOn && text === '' ? above[column] : undefined;
    const own = upper ?? { text, lines, strong };
    const carried = text.length <= longestCarried;
    add({ ...own, start: column, end }, carried ? rows : 1);
  }
  addReached();
  // Rows that end early are still reached by what stands further to the right.
  for (const each of from.values()) {
    if (each.placed.start >= column) add(each.placed, each.rows - 1);
  }
  for (const [start, placed] of below.entries()) {
    if (placed && placed.text.length > longestCarried) below[start] = undefined;
  }
  return { row, reaching, above: below };
}

/** Paragraphs of a cell on one line. */
function join(lines: readonly string[]): string {
  let text = '';
  for (const line of lines.join('\n').split('\n')) {
    const trimmed = line.trim();
    if (trimmed === '') continue;
    text += text === '' ? trimmed : `${/[.,:;!?—–-]$/.test(text) ? '' : ';'} ${trimmed}`;
  }
  return text;
}

const figures = /\p{N}/u;
/** A sum, a share, a date: figures with hardly a word. */
const isValue = (text: string) => figures.test(text) && (text.match(/\p{L}/gu)?.length ?? 0) <= 6;
/** Names of parties and gaps to fill in are values. */
const valueSigns = /[[\]{}_«»"“”@]/;
const looksLikeHeadings = (row: readonly Placed[]) =>
  row.every(({ text }) => text.length <= longestHeading && !valueSigns.test(text)) &&
  row.some(({ text }) => !figures.test(text));

/** Whether an unmarked first row heads the columns: three or more, all named without figures, and a value below one. */
function headsColumns(first: readonly Placed[], second: readonly Placed[]): boolean {
  return (
    first.length >= 3 &&
    first.length === second.length &&
    first.every(({ text }) => /\p{L}|№/u.test(text) && !figures.test(text) && text.length <= longestHeading) &&
    second.some(({ text }) => isValue(text))
  );
}

/** Headings that come again on the next page, or the numbers of the columns below them. */
function isNoData(row: readonly Placed[], headings: readonly string[]): boolean {
  if (headings.length === 0 || row.length < 2) return true;
  const isNumbers = row.every(({ text }, index) => text === String(index + 1));
  return isNumbers || row.every(({ text, start }) => text === '' || headings[start]?.startsWith(text) === true);
}

function toLines(row: readonly Placed[], headings: readonly string[]): string[] {
  const named = row.map(({ start, end, text }) => {
    const heading = headings[start] ?? '';
    const isOne = heading !== '' && headings.slice(start, end).every((each) => each === heading);
    return text !== '' && isOne ? `${heading}: ` : '';
  });
  const hasNames = named.some((name) => name !== '');
  const isNested = row.some(({ lines }) => lines.some((line) => line.includes(' | ')));
  const isLong = row.reduce((sum, { text }) => sum + text.length, 0) > longestRow;
  const isSingle = row.every(({ lines }) => lines.length <= 1 && !lines[0]?.includes('\n'));
  if (isSingle || (hasNames && !isNested && !isLong)) {
    const texts = row.map(({ text }, index) => `${named[index]}${text}`);
    const filled = hasNames
      ? texts.filter((text) => text !== '')
      : texts.slice(0, texts.findLastIndex((text) => text !== '') + 1);
    return filled.length === 0 ? [] : [filled.join(' | ')];
  }
  return row.flatMap(({ lines }, index) =>
    lines.map((line, position) => (position === 0 ? `${named[index]}${line}` : line)),
  );
}
