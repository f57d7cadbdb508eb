import { alternativeText } from '../markup/alternative-text.ts';
import { type FormulaNode, formulaBehind } from '../markup/formula.ts';
import { mathText } from '../markup/office-math.ts';
import { controlValue } from './content-control.ts';
import { isLargePicture } from './drawing.ts';
import type { OpenElements } from './open-elements.ts';

/** What the end of an element does, by its name. */
export const closed: Record<string, (open: OpenElements) => void> = {
  'w:p': endParagraph,
  'w:r': (open) => void open.runs.pop(),
  'w:t': (open) => {
    open.inText = false;
  },
  'w:instrText': (open) => {
    open.inInstructions = false;
  },
  'w:fldChar': (open) => open.fields.endMark(),
  'w:tc': (open) => {
    open.cells.pop();
    open.flow.closeCell();
  },
  'w:tr': (open) => open.flow.closeRow(open.rows.pop()?.kept),
  'w:tbl': (open) => {
    open.tables.pop();
    open.flow.closeTable();
  },
  'w:txbxContent': (open) => {
    open.boxes -= 1;
    open.flow.closeAside();
  },
  'w:footnote': endNote,
  'w:endnote': endNote,
  'w:sdt'(open) {
    const control = open.controls.pop();
    const value = control && control.before === open.shown ? controlValue(control) : undefined;
    if (value !== undefined) open.write(value);
  },
  'mc:Choice'(open) {
    const alternate = open.alternates.at(-1);
    if (alternate) alternate.done = open.shown > alternate.before;
  },
  'mc:AlternateContent': (open) => void open.alternates.pop(),
  'w:drawing': endDrawing,
  'w:pict': endDrawing,
  'w:object': endDrawing,
};

/** Writes a formula that is complete. */
export function endFormula(open: OpenElements, node: FormulaNode): void {
  open.write(formulaBehind(open.flow.lastCharacter(), mathText(node)), { own: {}, style: undefined });
}

function endDrawing(open: OpenElements): void {
  const drawing = open.drawings.pop();
  if (!drawing) return;
  const text = alternativeText(drawing.alternative);
  if (text !== undefined) open.aside(() => open.flow.add(text));
  if (isLargePicture(drawing)) open.notice('picture-not-read', drawing.alternative);
}

function endParagraph(open: OpenElements): void {
  open.fields.endParagraph();
  const paragraph = open.paragraphs.pop();
  if (!paragraph) return;
  const isLetter = paragraph.isFrame && /^\s*["«“]?\p{Lu}\s*$/u.test(paragraph.begins);
  if (paragraph.continues || paragraph.isDropCap || isLetter) return;
  const label = paragraph.label ?? open.options.numbering(paragraph);
  open.flow.endParagraph(label ? { prefix: `${label.text} `, tight: label.isBullet } : {});
}

function endNote(open: OpenElements): void {
  if (open.inlineNotes > 0) {
    open.inlineNotes -= 1;
    open.flow.closeAside(`[${open.notes}] `);
  } else if (open.noteId !== undefined) open.options.onNote?.(open.noteId, open.flow.end());
}
