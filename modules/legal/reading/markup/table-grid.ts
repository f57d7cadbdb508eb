import type { TableCell, TableRow } from './table-rows.ts';

/*
 * Tables of which the file gives the edges of cells instead of the columns that they take, as RTF and Word 97 do: a wide
 * cell in one row lies over several cells of the others.
 */

export interface CellEdge {
  /** Its right edge in twips. */
  right: number;
  /** It belongs to the cell before it. */
  merged?: boolean;
  /** It shows what the cell above shows. */
  goesOn?: boolean;
}

export interface RowEdges {
  left: number;
  cells: readonly CellEdge[];
  isHeader?: boolean;
}

/** Edges of one column differ by rounding and by borders. */
const tolerance = 60;

/** Rows of a table with the columns that their cells take. Rows without edges stay. */
export function withColumns(rows: readonly { row: TableRow; edges: RowEdges | undefined }[]): TableRow[] {
  const all = rows.flatMap(({ edges }) => (edges ? [edges.left, ...edges.cells.map(({ right }) => right)] : []));
  const grid: number[] = [];
  for (const edge of all.toSorted((a, b) => a - b)) {
    if (grid.length === 0 || edge - (grid.at(-1) as number) > tolerance) grid.push(edge);
  }
  return rows.map(({ row, edges }) => (edges ? place(row, edges, grid) : row));
}

function place(row: TableRow, { left, cells: shapes, isHeader = false }: RowEdges, grid: readonly number[]): TableRow {
  const column = (edge: number) => {
    const found = grid.findLastIndex((each) => each <= edge);
    return Math.max(found, 0);
  };
  const cells: TableCell[] = [];
  let start = column(left);
  const skipped = start;
  for (const [index, cell] of row.cells.entries()) {
    const shape = shapes[index];
    const end = shape ? column(shape.right) : start + 1;
    const columns = Math.max(1, end - start);
    start += columns;
    const before = cells.at(-1);
    if (shape?.merged && before) {
      cells[cells.length - 1] = {
        ...before,
        columns: (before.columns ?? 1) + columns,
        lines: [...before.lines, ...cell.lines],
      };
    } else cells.push({ ...cell, columns, goesOn: shape?.goesOn });
  }
  return { ...row, cells, isHeader: row.isHeader || isHeader, skipped };
}
