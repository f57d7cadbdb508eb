import { type ReadingLimits, requireAtMost } from './reading.ts';

/*
 * What the readers of word processors' formats write into: paragraphs, table rows, notes and boxes, in the order in
 * which the file has them, become lines in reading order. Paragraphs are parted by a blank line; a row whose cells are
 * single lines becomes one line, its cells parted by a bar, any other row its cells' paragraphs; a note stands behind
 * the paragraph or row that refers to it, so that both are found together.
 */

interface Line {
  text: string;
  /** No blank line before it: items of lists and table rows. */
  tight: boolean;
}

interface Block {
  kind: 'body' | 'cell' | 'row';
  lines: Line[];
  /** The open paragraph. */
  paragraph: string[];
  /** What comes behind the open paragraph or row. Cells leave it to the block around their table. */
  after: Line[];
  /** Cells of a row that are complete. */
  cells: Line[][];
}

export interface TextFlow {
  /** To the open paragraph. @throws ParseFailure `too-large` when all text together is over the limit */
  add(text: string): void;
  endParagraph(how?: { prefix?: string; tight?: boolean }): void;
  openRow(): void;
  openCell(): void;
  /** Opens a cell where none is open. */
  continueCell(): void;
  closeCell(): void;
  /** Closes the rows that are open. */
  leaveTable(): void;
  /** @param kept false for a row that was deleted */
  closeRow(kept?: boolean): void;
  /** Text beside the paragraph in which it is anchored: a note, a text box. */
  openAside(): void;
  closeAside(prefix?: string): void;
  /** All text, with what is still open closed; the flow begins anew. */
  end(): string;
}

export function createTextFlow(limits: Pick<ReadingLimits, 'characters'>): TextFlow {
  const open = (kind: Block['kind']): Block => ({ kind, lines: [], paragraph: [], after: [], cells: [] });
  const stack: Block[] = [open('body')];
  let characters = 0;

  const top = () => stack.at(-1) as Block;
  const flushAfter = (block: Block) => {
    block.lines.push(...block.after);
    block.after = [];
  };
  const endParagraph: TextFlow['endParagraph'] = ({ prefix = '', tight = false } = {}) => {
    const block = top();
    const text = trimLines(block.paragraph.join(''));
    block.paragraph = [];
    if (text !== '') block.lines.push({ text: prefix + text, tight });
    flushAfter(block);
  };
  /** Closes the top block, which must be of that kind: hostile files close what they never opened. */
  const close = (kind: Block['kind']): Block | undefined => {
    if (stack.length < 2 || top().kind !== kind) return undefined;
    if (kind !== 'row') endParagraph();
    return stack.pop();
  };
  const openRow = () => {
    if (top().paragraph.length > 0) endParagraph();
    stack.push(open('row'));
  };
  const openCell = () => {
    if (top().kind !== 'row') openRow();
    stack.push(open('cell'));
  };
  const closeCell = () => {
    const cell = close('cell');
    if (cell && top().kind === 'row') top().cells.push(cell.lines);
  };
  const closeRow = (kept = true) => {
    if (top().kind === 'cell') closeCell();
    const row = close('row');
    if (!row) return;
    if (kept) top().lines.push(...rowLines(row.cells));
    if (top().kind !== 'cell') flushAfter(top());
  };
  const closeAside = (prefix = '') => {
    while (top().kind !== 'body') top().kind === 'row' ? closeRow() : closeCell();
    const aside = close('body');
    if (!aside) return;
    const [first, ...rest] = aside.lines;
    if (!first) return;
    const around = stack.findLast(({ kind }) => kind === 'body') as Block;
    around.after.push({ text: prefix + first.text, tight: first.tight }, ...rest);
  };

  return {
    add(text) {
      characters += text.length;
      requireAtMost(limits.characters, characters, 'characters');
      top().paragraph.push(text);
    },
    endParagraph,
    openRow,
    openCell,
    continueCell() {
      if (top().kind !== 'cell') openCell();
    },
    closeCell,
    leaveTable() {
      while (top().kind !== 'body') closeRow();
    },
    closeRow,
    openAside: () => void stack.push(open('body')),
    closeAside,
    end() {
      while (stack.length > 1) closeAside();
      endParagraph();
      const { lines } = top();
      top().lines = [];
      return joinLines(lines);
    },
  };
}

function rowLines(cells: Line[][]): Line[] {
  if (cells.every((lines) => lines.length <= 1 && !lines[0]?.text.includes('\n'))) {
    const texts = cells.map(([line]) => line?.text ?? '');
    const filled = texts.slice(0, texts.findLastIndex((text) => text !== '') + 1);
    return filled.length === 0 ? [] : [{ text: filled.join(' | '), tight: true }];
  }
  return cells.flat().map(({ text }) => ({ text, tight: true }));
}

function joinLines(lines: readonly Line[]): string {
  let previousTight = false;
  let text = '';
  for (const line of lines) {
    // The first of several tight lines stands apart from what is above it.
    if (text !== '') text += line.tight && previousTight ? '\n' : '\n\n';
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
