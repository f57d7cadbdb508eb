import { createTableDepths, deepestTable, type TableDepths } from '../markup/table-depths.ts';
import type { CellEdge, RowEdges } from '../markup/table-grid.ts';
import type { TextFlow } from '../markup/text-flow.ts';

/*
 * Tables of RTF have no marks around them: paragraphs say that they stand in a table (`\intbl`) and how deep (`\itap`),
 * and each row says where its cells end (`\trowd … \cellx`), before its cells, behind them or both.
 */

interface Definition {
  left: number;
  cells: CellEdge[];
  isHeader: boolean;
  /** Flags of the next cell. */
  merged: boolean;
  goesOn: boolean;
}

const mostCells = 500;

export interface RtfTables extends Omit<TableDepths, 'endRow' | 'isAside'> {
  endRow(level: number): void;
  /** A word of a row's definition. @returns false for any other */
  define(word: string, value: number, level: number): boolean;
  /** A row has begun whose end is still to come. */
  inRow(): boolean;
}

export function createRtfTables(flow: TextFlow): RtfTables {
  const depths = createTableDepths(flow);
  const definitions: (Definition | undefined)[] = [];
  let rowBegun = false;

  const edges = (level: number): RowEdges | undefined => {
    const found = definitions[level];
    return found && found.cells.length > 0 ? found : undefined;
  };
  return {
    ...depths,
    endRow(level) {
      if (level === 1) rowBegun = false;
      depths.endRow(level, edges(level));
    },
    define(word, value, level) {
      const at = Math.max(1, Math.min(level, deepestTable));
      if (word === 'trowd') {
        definitions[at] = { left: 0, cells: [], isHeader: false, merged: false, goesOn: false };
        if (at === 1) rowBegun = true;
        return true;
      }
      const row = definitions[at];
      if (word === 'cellx') {
        if (row && row.cells.length < mostCells) {
          row.cells.push({ right: value, merged: row.merged, goesOn: row.goesOn });
          row.merged = false;
          row.goesOn = false;
        }
      } else if (word === 'trleft') {
        if (row) row.left = value;
      } else if (word === 'trhdr') {
        if (row) row.isHeader = true;
      } else if (word === 'clmrg') {
        if (row) row.merged = true;
      } else if (word === 'clvmrg') {
        if (row) row.goesOn = true;
      } else return word === 'clmgf' || word === 'clvmgf';
      return true;
    },
    inRow: () => rowBegun && !depths.isAside(),
  };
}
