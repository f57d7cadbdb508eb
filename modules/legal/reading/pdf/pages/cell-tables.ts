import type { LinePart, RunLine } from './run-lines.ts';

/*
 * Tables that a program wrote cell by cell: all lines of a cell, then back up to the next one. Each row begins at the left
 * below all that is above it.
 */

/** The lines of a cell, one below the other. */
export interface WrittenCell {
  start: number;
  end: number;
  parts: LinePart[];
}

interface WrittenRow {
  cells: WrittenCell[];
  top: number;
  bottom: number;
  /** Number of its first line. */
  line: number;
}

/** More lines are a column of prose. */
const mostCellLines = 12;
const mostRows = 500;
/** A cell continues no further below, in sizes of its letters. */
const tight = 1.6;
/** Between two cells, in sizes of their letters. */
const leastGap = 0.5;

/** The rows that begin at a line, with how many lines they take; undefined where no line goes back up to a next cell. */
export function writtenRows(
  lines: readonly RunLine[],
  from: number,
): { rows: { cells: WrittenCell[]; down: number }[]; lines: number } | undefined {
  const rows: WrittenRow[] = [];
  let jumps = 0;
  let end = from;
  for (let index = from; index < lines.length && rows.length < mostRows; index += 1) {
    const { parts } = lines[index] as RunLine;
    const before = rows.at(-1)?.cells.at(-1)?.parts.at(-1);
    if (parts.length === 0 || !parts.every((part) => take(rows, part, index))) break;
    if (before && (parts[0] as LinePart).down < before.down - before.size * 0.4) jumps += 1;
    end = index + 1;
  }
  // What stands below the last cells is the text behind the table.
  const last = rows.findLastIndex(({ cells }) => cells.length > 1);
  const kept = rows.slice(0, last + 1);
  if (jumps === 0 || kept.length < 2 || kept[0]?.cells.length === 1 || isCaptioned(kept)) return undefined;
  return {
    rows: kept.map(({ cells, bottom }) => ({ cells, down: bottom })),
    lines: (rows[last + 1]?.line ?? end) - from,
  };
}

/** Adds a part to the rows; false where it belongs to none and begins none. */
function take(rows: WrittenRow[], part: LinePart, line: number): boolean {
  const { along, end, down, size } = part;
  const row = rows.at(-1);
  const cell = row?.cells.at(-1);
  if (row && cell) {
    const above = cell.parts.at(-1) as LinePart;
    const isBelow = down > above.down + size * 0.4 && down < above.down + size * tight;
    if (isBelow && along < cell.end && end > cell.start) {
      if (cell.parts.length === mostCellLines) return false;
      extend(row, cell, part);
      return true;
    }
    const roof = rows.at(-2)?.bottom ?? Number.NEGATIVE_INFINITY;
    if (along > cell.end + size * leastGap && down < row.bottom + size * 0.4 && down > roof + size * 0.4) {
      row.cells.push({ start: along, end, parts: [part] });
      row.top = Math.min(row.top, down);
      row.bottom = Math.max(row.bottom, down);
      return true;
    }
    const first = row.cells[0] as WrittenCell;
    if (down < row.bottom + size * 0.4 || along > first.end) return false;
  }
  rows.push({ cells: [{ start: along, end, parts: [part] }], top: down, bottom: down, line });
  return true;
}

function extend(row: WrittenRow, cell: WrittenCell, part: LinePart): void {
  cell.parts.push(part);
  cell.start = Math.min(cell.start, part.along);
  cell.end = Math.max(cell.end, part.end);
  row.bottom = Math.max(row.bottom, part.down);
}

/** Whether the first cell has lines above where all others of its row begin: these are no part of the table. */
function isCaptioned([first]: readonly WrittenRow[]): boolean {
  const [cell, ...others] = first?.cells ?? [];
  if (!cell || others.length === 0) return false;
  const tops = others.map(({ parts }) => (parts[0] as LinePart).down);
  const { down, size } = cell.parts[0] as LinePart;
  return cell.parts.some(
    (part) => part.down > down + size * 0.4 && tops.every((top) => Math.abs(top - part.down) < size * 0.2),
  );
}

/** Parts that stand above and to the right of the one before, with hardly more than a few words: cells, in whatever order. */
export function countJumps(lines: readonly RunLine[]): number {
  let jumps = 0;
  for (const [index, line] of lines.entries()) {
    const above = lines[index - 1];
    const [part] = line.parts;
    const before = above?.parts.at(-1);
    if (!part || !before || part.down >= before.down - before.size * 0.4) continue;
    if (part.along > before.end && [part, before].every(({ text }) => text.length <= shortCell)) jumps += 1;
  }
  return jumps;
}

const shortCell = 25;
