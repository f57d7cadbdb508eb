import { type ReadingLimits, requireAtMost } from '../reading.ts';
import { joinScripts, type Script, type ScriptPiece } from './superscripts.ts';
import { type RowEdges, withColumns } from './table-grid.ts';
import { createTableRows, type TableCell, type TableRow, type TableRows } from './table-rows.ts';

/*
 * What the readers of word processors' formats write into: paragraphs, table rows, notes and boxes, in the order in
 * which the file has them, become lines in reading order. Paragraphs are parted by a blank line; a row whose cells are
 * single lines becomes one line, its cells parted by a bar (`table-rows.ts`), any other row its cells' paragraphs; a note
 * stands behind the paragraph or row that refers to it, so that both are found together.
 */

/** How a stretch of text looks, where that changes what it says. */
export interface Look {
  script?: Script | undefined;
  bold?: boolean | undefined;
}

/** What a cell takes beyond its own place in the table. */
export type CellShape = Omit<TableCell, 'lines'>;
export type RowShape = Omit<TableRow, 'cells'>;

interface Line {
  text: string;
  /** No blank line before it: items of lists and table rows. */
  tight: boolean;
  /** Tight lines start again with it: the first item of a list behind another list. */
  apart?: boolean;
}

interface WaitingRow {
  row: TableRow;
  edges: RowEdges | undefined;
  kept: boolean;
  only: Line[] | undefined;
  after: Line[];
}

interface Block {
  kind: 'body' | 'cell' | 'row' | 'table';
  lines: Line[];
  /** The open paragraph. */
  paragraph: ScriptPiece[];
  /** What comes behind the open paragraph or row. Cells leave it to the block around their table. */
  after: Line[];
  /** Cells of a row that are complete. */
  cells: TableCell[];
  /** Lines of a row's only cell. */
  only?: Line[] | undefined;
  /** Of a table. */
  rows?: TableRows;
  /** Of a table whose columns are known at its end only. */
  waiting?: WaitingRow[] | undefined;
  shape: CellShape & RowShape;
  /** Of a cell: whether all its text is bold, undefined without text. */
  bold?: boolean | undefined;
}

export interface TextFlow {
  /** To the open paragraph. @throws ParseFailure `too-large` when all text together is over the limit */
  add(text: string, look?: Look): void;
  /** @param how `verbatim` keeps the spaces at the beginnings of its lines */
  endParagraph(how?: { prefix?: string; tight?: boolean; apart?: boolean; verbatim?: boolean }): void;
  /**
   * Rows of a table that is open name the headings of their columns; without one each row is for itself.
   * @param how `hasEdges` when the ends of rows say where their cells end, from which columns follow
   */
  openTable(how?: { hasEdges?: boolean }): void;
  closeTable(): void;
  openRow(shape?: RowShape): void;
  openCell(shape?: CellShape): void;
  /** Opens a cell where none is open. */
  continueCell(): void;
  closeCell(): void;
  /** Closes the rows that are open. */
  leaveTable(): void;
  /** @param kept false for a row that was deleted */
  closeRow(kept?: boolean, edges?: RowEdges): void;
  /** Text next to the paragraph in which it is anchored: a note, a text box. */
  openAside(): void;
  closeAside(prefix?: string): void;
  /** The last character of the open paragraph, '' at its beginning. */
  lastCharacter(): string;
  /** All text, with what is still open closed; the flow starts over. */
  end(): string;
}

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one stack of open blocks; each operation is short and changes it.
export function createTextFlow(limits: Pick<ReadingLimits, 'characters'>): TextFlow {
  const open = (kind: Block['kind'], shape: Block['shape'] = {}): Block => ({
    kind,
    lines: [],
    paragraph: [],
    after: [],
    cells: [],
    shape,
  });
  const stack: Block[] = [open('body')];
  let characters = 0;

  const count = (length: number) => {
    characters += length;
    requireAtMost(limits.characters, characters, 'characters');
  };
  const top = () => stack.at(-1) as Block;
  const flushAfter = (block: Block) => {
    block.lines.push(...block.after);
    block.after = [];
  };
  const endParagraph: TextFlow['endParagraph'] = ({
    prefix = '',
    tight = false,
    apart = false,
    verbatim = false,
  } = {}) => {
    const block = top();
    const joined = joinScripts(block.paragraph);
    const text = verbatim ? joined.replace(/^\n+/, '').trimEnd() : trimLines(joined);
    block.paragraph = [];
    if (text.trim() !== '') block.lines.push({ text: prefix + text, tight, apart });
    flushAfter(block);
  };
  /** Closes the top block, which must be of that kind: hostile files close what they never opened. */
  const close = (kind: Block['kind']): Block | undefined => {
    if (stack.length < 2 || top().kind !== kind) return undefined;
    if (kind === 'cell' || kind === 'body') endParagraph();
    return stack.pop();
  };
  const openTable: TextFlow['openTable'] = ({ hasEdges = false } = {}) => {
    if (top().paragraph.length > 0) endParagraph();
    stack.push({ ...open('table'), rows: createTableRows(), waiting: hasEdges ? [] : undefined });
  };
  const openRow: TextFlow['openRow'] = (shape = {}) => {
    if (top().paragraph.length > 0) endParagraph();
    stack.push(open('row', shape));
  };
  const openCell: TextFlow['openCell'] = (shape = {}) => {
    if (top().kind !== 'row') openRow();
    stack.push(open('cell', shape));
  };
  const closeCell = () => {
    const cell = close('cell');
    if (!cell || top().kind !== 'row') return;
    const strong = cell.shape.strong === true || cell.bold === true;
    top().only = top().cells.length === 0 ? cell.lines : undefined;
    top().cells.push({ ...cell.shape, strong, lines: cell.lines.map(({ text }) => text) });
  };
  const writeRow = (around: Block, rows: TableRows, { row, kept, only, after }: Omit<WaitingRow, 'edges'>) => {
    if (kept) {
      const texts = rows.row(row);
      // Headings and values that reach down come again with each row.
      for (const text of texts) count(text.length);
      // A table of one cell a row lays a page out, and its paragraphs stay what they are.
      const isLayout = only !== undefined && texts.length === only.length;
      around.lines.push(...(isLayout ? only : texts.map((text) => ({ text, tight: true }))));
    }
    around.lines.push(...after);
  };
  const closeRow: TextFlow['closeRow'] = (kept = true, edges) => {
    if (top().kind === 'cell') closeCell();
    const block = close('row');
    if (!block) return;
    const table = top().kind === 'table' ? top() : undefined;
    const around = table ? (stack.at(-2) as Block) : top();
    const after = around.kind === 'cell' ? [] : around.after;
    if (around.kind !== 'cell') around.after = [];
    const closed = { row: { ...block.shape, cells: block.cells }, kept, only: block.only, after };
    if (table?.waiting) table.waiting.push({ ...closed, edges });
    else writeRow(around, table?.rows ?? createTableRows(), closed);
  };
  const closeTable = () => {
    while (top().kind === 'cell' || top().kind === 'row') closeRow();
    if (top().kind !== 'table') return;
    const { waiting = [], rows = createTableRows() } = stack.pop() as Block;
    const placed = withColumns(waiting);
    for (const [index, each] of waiting.entries()) writeRow(top(), rows, { ...each, row: placed[index] ?? each.row });
  };
  const closeAside = (prefix = '') => {
    while (top().kind !== 'body') closeTable();
    const aside = close('body');
    if (!aside) return;
    const [first, ...rest] = aside.lines;
    if (!first) return;
    const around = stack.findLast(({ kind }) => kind === 'body') as Block;
    around.after.push({ text: prefix + first.text, tight: first.tight }, ...rest);
  };

  return {
    add(text, { script, bold = false } = {}) {
      count(text.length);
      const block = top();
      const last = block.paragraph.at(-1);
      if (last && last.script === script && last.text.length < 4096) last.text += text;
      else block.paragraph.push({ text, script });
      if (text.trim() !== '') block.bold = bold && block.bold !== false;
    },
    endParagraph,
    openTable,
    closeTable,
    openRow,
    openCell,
    continueCell() {
      if (top().kind !== 'cell') openCell();
    },
    closeCell,
    leaveTable() {
      while (top().kind !== 'body') closeTable();
    },
    closeRow,
    openAside: () => void stack.push(open('body')),
    closeAside,
    lastCharacter: () => top().paragraph.at(-1)?.text.at(-1) ?? '',
    end() {
      while (stack.length > 1) closeAside();
      endParagraph();
      const { lines } = top();
      top().lines = [];
      return joinLines(lines);
    },
  };
}

function joinLines(lines: readonly Line[]): string {
  let previousTight = false;
  let text = '';
  for (const line of lines) {
    // The first of several tight lines stands apart from what is above it.
    if (text !== '') text += line.tight && previousTight && !line.apart ? '\n' : '\n\n';
    text += line.text;
    previousTight = line.tight;
  }
  return text;
}

const trimLines = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .join('\n')
    .trim();
