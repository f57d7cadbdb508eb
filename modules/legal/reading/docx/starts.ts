import { isPaperColour } from '../markup/colours.ts';
import { symbolCharacter, symbolFont } from '../markup/symbol-fonts.ts';
import type { TextFlow } from '../markup/text-flow.ts';
import type { XmlElement } from '../markup/xml-events.ts';
import { newDrawing, readChart, readDiagram } from './drawing.ts';
import type { OpenCell, OpenElements } from './open-elements.ts';
import type { DocxPart } from './parts.ts';

/** What the start of an element does, by its name. */
export const opened: Record<string, (open: OpenElements, element: XmlElement) => void> = {
  'w:background': (open, element) => {
    open.hasBackground = isPaperColour(element.attribute('w:color')) === false;
  },
  'w:p': (open) =>
    void open.paragraphs.push({
      style: undefined,
      instance: undefined,
      level: undefined,
      continues: false,
      isFrame: false,
      isDropCap: false,
      isShaded: false,
      begins: '',
      label: undefined,
    }),
  'w:r': (open) => void open.runs.push({ own: {}, style: undefined }),
  'w:t': (open) => {
    open.inText = true;
  },
  'w:instrText': (open) => {
    open.inInstructions = true;
  },
  'w:tbl': (open) => {
    open.tables.push({ style: undefined, headsFirst: false, rows: 0, isShaded: false });
    open.flow.openTable();
  },
  'w:tr': (open) => {
    const table = open.tables.at(-1);
    const isFirst = table !== undefined && table.rows === 0;
    if (table) table.rows += 1;
    const shape = { isHeader: isFirst && table.headsFirst && open.options.styles.hasHeadings(table.style) };
    open.rows.push({ kept: true, shape });
    open.flow.openRow(shape);
  },
  'w:tc': (open) => {
    const shape: OpenCell = {};
    open.cells.push(shape);
    open.flow.openCell(shape);
  },
  'w:txbxContent': (open) => {
    open.boxes += 1;
    open.flow.openAside();
  },
  'w:fldChar': (open, element) => open.fields.mark(element.attribute('w:fldCharType')),
  'w:sym'(open, element) {
    const code = Number.parseInt(element.attribute('w:char') ?? '', 16) || 0;
    const font = element.attribute('w:font');
    const sign = symbolCharacter(symbolFont(font), code);
    if (sign === undefined) open.notice('part-not-read', font ?? 'Symbol');
    const run = open.runs.at(-1);
    if (sign !== undefined && code >= 0x20)
      open.write(sign, run && { own: { ...run.own, font: '' }, style: run.style });
  },
  'w:sdt': (open) => void open.controls.push({ before: open.shown, choices: new Map() }),
  'w:footnoteReference': (open, element) => refer(open, 'footnote', element),
  'w:endnoteReference': (open, element) => refer(open, 'endnote', element),
  'w:footnote': openNote,
  'w:endnote': openNote,
  'mc:AlternateContent': (open) => void open.alternates.push({ before: open.shown, done: false }),
  'w:drawing': (open) => void open.drawings.push(newDrawing()),
  'w:pict': (open) => void open.drawings.push(newDrawing()),
  'w:object': (open) => void open.drawings.push(newDrawing()),
  'v:textpath': (open, element) => {
    const text = element.attribute('string') ?? '';
    if (text !== '') open.aside(() => open.flow.add(text));
  },
  'dgm:relIds': (open, element) => readPart(open, open.part(element, 'r:dm'), readDiagram),
  'c:chart': (open, element) => readPart(open, open.part(element, 'r:id'), readChart),
  'o:OLEObject'(open, element) {
    const kind = element.attribute('ProgID') ?? 'OLE';
    open.notice(/^(?:Equation|MathType)/i.test(kind) ? 'part-not-read' : 'attachment-not-read', kind);
  },
  'w:control': (open, element) => open.notice('field-not-read', element.attribute('w:name') ?? 'ActiveX'),
  'w:subDoc': (open) => open.notice('part-not-read', 'subdocument'),
  'w:altChunk'(open, element) {
    // One that could not be read is noticed by what tried.
    const id = element.attribute('r:id') ?? '';
    if (!open.options.related?.has(id)) open.notice('part-not-read', 'altChunk');
    const text = open.options.chunks?.get(id) ?? '';
    if (text === '') return;
    open.flow.add(text);
    open.flow.endParagraph({ verbatim: true });
    open.shown += 1;
  },
};

function refer(open: OpenElements, kind: 'footnote' | 'endnote', element: XmlElement): void {
  const run = open.runs.at(-1);
  if (run && open.lookOf(run).hidden) return;
  open.options.onReference?.(kind, element.attribute('w:id') ?? '');
}

function openNote(open: OpenElements, element: XmlElement): void {
  if (open.runs.length > 0) {
    // Word 2003 has a note where the text refers to it.
    open.inlineNotes += 1;
    open.notes += 1;
    open.flow.add(`[${open.notes}]`);
    open.flow.openAside();
    return;
  }
  // Those with a type are the lines that part notes from the text.
  open.noteId = element.attribute('w:type') === undefined ? element.attribute('w:id') : undefined;
  open.flow.end();
}

function readPart(
  open: OpenElements,
  found: DocxPart | undefined,
  read: (part: DocxPart, flow: TextFlow) => void,
): void {
  if (found) open.aside(() => read(found, open.flow));
  else open.notice('part-not-read', 'diagram');
}
