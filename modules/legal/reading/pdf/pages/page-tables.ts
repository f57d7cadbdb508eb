import { createTableRows } from '../../markup/table-rows.ts';
import { countJumps, writtenRows } from './cell-tables.ts';
import type { LinePart, RunLine } from './run-lines.ts';

/*
 * Rows of tables among the lines of a page. Nothing in a PDF says that something is a table: lines one below the other whose
 * parts stand in the same columns, with wide gaps between, are one. Each row becomes a line that names its columns, as in
 * other formats (`table-rows.ts`).
 */

interface Column {
  start: number;
  end: number;
}

interface Row {
  cells: string[];
  down: number;
}

const mostColumns = 40;
/** Columns of prose go back up once or twice. */
const unclearJumps = 3;
/** A row that continues stands no further below, in sizes of its letters. */
const tight = 1.3;
const enumerator = /^(?:[([]?[\p{L}\d]{1,3}(?:[.)\]]\d{0,3})*[.)\]]?|[•·▪–—-])$/u;
const pageNumber = /^(?:\d{1,4}|[ivxl]{1,6})$/i;

export interface PageTables {
  /** The lines of the page, those of each table as one with a row on each of its lines. */
  lines: RunLine[];
  /** Other lines stand next to each other as cells do, and which of them belong together is not known. */
  isUnclear: boolean;
}

export function readTables(lines: readonly RunLine[]): PageTables {
  const result: RunLine[] = [];
  const others: RunLine[] = [];
  for (let index = 0; index < lines.length; ) {
    const table = tableAt(lines, index) ?? cellTableAt(lines, index);
    const line = lines[index] as RunLine;
    if (table === undefined) {
      result.push(line);
      others.push(line);
      index += 1;
      continue;
    }
    const rows = createTableRows();
    const text = table.rows.flatMap(({ cells }) => rows.row({ cells: cells.map((cell) => ({ lines: [cell] })) }));
    result.push({ ...line, text: text.join('\n'), bottom: table.rows.at(-1)?.down });
    index += table.lines;
  }
  return { lines: result, isUnclear: countJumps(others) >= unclearJumps };
}

/** A table that was written cell by cell. */
function cellTableAt(lines: readonly RunLine[], from: number): { rows: Row[]; lines: number } | undefined {
  const written = writtenRows(lines, from);
  if (!written) return undefined;
  const widest = written.rows.reduce((a, b) => (b.cells.length > a.cells.length ? b : a)).cells;
  if (widest.length > mostColumns) return undefined;
  let columns: Column[] = widest.map(({ start, end }) => ({ start, end }));
  const rows: Row[] = [];
  for (const { cells, down } of written.rows) {
    const parts = cells.map(({ start, end, parts }) => ({
      ...(parts[0] as LinePart),
      ...{ along: start, end, text: parts.map(({ text }) => text).join(' ') },
    }));
    const fitted = cellsOf(columns, parts);
    if (!fitted) return undefined;
    columns = fitted.columns;
    rows.push({ cells: fitted.cells, down });
  }
  return isTable(rows, columns.length) ? { rows, lines: written.lines } : undefined;
}

function tableAt(lines: readonly RunLine[], from: number): { rows: Row[]; lines: number } | undefined {
  const first = lines[from];
  if (!first || first.parts.length < 2 || first.parts.length > mostColumns) return undefined;
  let columns: Column[] = first.parts.map(({ along, end }) => ({ start: along, end }));
  const rows: Row[] = [];
  let count = 0;
  for (const line of lines.slice(from)) {
    const above = rows.at(-1);
    const last = lines[from + count - 1];
    if (line.down === undefined || (last?.down !== undefined && line.down <= last.down)) break;
    const fitted = cellsOf(columns, line.parts);
    if (!fitted) break;
    const isMore = fitted.cells[0] === '' && last?.down !== undefined && line.down - last.down < line.size * tight;
    if (line.parts.length < 2 && !isMore) break;
    columns = fitted.columns;
    if (isMore && above)
      above.cells = above.cells.map((cell, at) => [cell, fitted.cells[at]].filter(Boolean).join(' '));
    else rows.push({ cells: fitted.cells, down: line.down });
    count += 1;
  }
  return isTable(rows, columns.length) ? { rows, lines: count } : undefined;
}

/** The parts of a line as cells of the columns, which may grow; undefined where one stands in two of them, or two in one. */
function cellsOf(
  columns: readonly Column[],
  parts: readonly LinePart[],
): { columns: Column[]; cells: string[] } | undefined {
  const cells = columns.map(() => '');
  const grown = columns.map((column) => ({ ...column }));
  for (const [index, { along, end, text }] of parts.entries()) {
    // Figures at the right of a column need not stand below its heading.
    const isFull = parts.length === columns.length;
    const touched = isFull
      ? [index]
      : columns.flatMap((column, at) => (along < column.end && end > column.start ? [at] : []));
    const [at] = touched;
    const column = at === undefined ? undefined : grown[at];
    if (at === undefined || touched.length !== 1 || !column || cells[at] !== '') return undefined;
    cells[at] = text;
    column.start = Math.min(column.start, along);
    column.end = Math.max(column.end, end);
  }
  const isApart = grown.every((column, at) => at === 0 || column.start > (grown[at - 1] as Column).end);
  return isApart ? { columns: grown, cells } : undefined;
}

/** Two columns may as well be numbers of clauses or pages and their text, or two columns of prose. */
function isTable(rows: readonly Row[], columns: number): boolean {
  const full = rows.filter(({ cells }) => cells.filter((cell) => cell !== '').length >= 2).length;
  if (columns >= 3) return full >= 2;
  const isProse = rows.every(({ cells }) => cells.every((cell) => cell.length > 25));
  const isList = rows.every(({ cells: [first = ''] }) => enumerator.test(first));
  const isContents = rows.every(({ cells }) => pageNumber.test(cells.at(-1) ?? ''));
  return full >= 3 && !isProse && !isList && !isContents;
}
