import type { RowEdges } from './table-grid.ts';
import type { TextFlow } from './text-flow.ts';

/*
 * Tables of formats that have no marks around them: each paragraph says how deep in tables it stands, each cell and row has a
 * mark at its end.
 */

export const deepestTable = 50;

export interface TableDepths {
  /** Takes the flow to where a paragraph of this depth stands: 0 outside of tables. */
  moveTo(level: number): void;
  endCell(level: number, how?: Parameters<TextFlow['endParagraph']>[0]): void;
  endRow(level: number, edges: RowEdges | undefined): void;
  openAside(): void;
  closeAside(prefix?: string): void;
  /** Whether a note or a box is open. */
  isAside(): boolean;
}

export function createTableDepths(flow: TextFlow): TableDepths {
  /** Tables that are open, in the text and in each note and box that is open. */
  const depths = [0];
  const depth = () => depths.at(-1) as number;
  const setDepth = (value: number) => {
    depths[depths.length - 1] = value;
  };
  const moveTo = (wanted: number) => {
    const level = Math.min(wanted, deepestTable);
    for (; depth() > level; setDepth(depth() - 1)) flow.closeTable();
    for (; depth() < level; setDepth(depth() + 1)) {
      if (depth() > 0) flow.continueCell();
      flow.openTable({ hasEdges: true });
    }
    if (level > 0) flow.continueCell();
  };
  return {
    moveTo,
    endCell(level, how) {
      moveTo(level);
      flow.endParagraph(how);
      flow.closeCell();
    },
    endRow(level, edges) {
      if (depth() < level) return;
      for (; depth() > level; setDepth(depth() - 1)) flow.closeTable();
      flow.closeRow(true, edges);
    },
    openAside() {
      flow.openAside();
      depths.push(0);
    },
    closeAside(prefix) {
      if (depths.length === 1) return;
      flow.closeAside(prefix);
      depths.pop();
    },
    isAside: () => depths.length > 1,
  };
}
