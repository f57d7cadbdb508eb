import type { Notice } from '../contract.ts';
import { alternativeText } from '../markup/alternative-text.ts';
import type { FormulaNode } from '../markup/formula.ts';
import { mathText } from '../markup/office-math.ts';
import { symbolCharacter, symbolFont, symbolText } from '../markup/symbol-fonts.ts';
import type { CellShape, RowShape, TextFlow } from '../markup/text-flow.ts';
import { readXml, type XmlElement } from '../markup/xml-events.ts';
import { type ContentControl, controlValue, setControlProperty } from './content-control.ts';
import { type Drawing, isLargePicture, newDrawing, readChart, readDiagram, setDrawingProperty } from './drawing.ts';
import { createFields } from './fields.ts';
import { type createNumbering, isOn, type Label, type NumberedParagraph } from './numbering.ts';
import { type DocxPart, wordNamespaces } from './parts.ts';
import { plainSize, type RunLook, type RunStyles, scriptOf, setRunProperty, symbolFontOf } from './run-look.ts';

/** Elements whose text does not show: deleted and moved-away text, the pronunciation over a word. */
const hidden = new Set(['w:del', 'w:moveFrom', 'w:delText', 'w:delInstrText', 'w:rt', 'w:binData']);
const hiddenAnnotations = new Set(['Word.Deletion', 'Word.Comment']);
/** Elements that say how the one around them is; their content is none of the text. */
const propertyLists = new Set(['w:pPr', 'w:rPr', 'w:trPr', 'w:tcPr', 'w:tblPr', 'w:tblPrEx', 'w:sdtPr']);
const breaks: Record<string, string> = {
  'w:tab': '\t',
  'w:br': '\n',
  'w:cr': '\n',
  'w:noBreakHyphen': '-',
  'w:softHyphen': '\u00ad',
  'w:ptab': '\t',
};

interface Paragraph extends NumberedParagraph {
  /** Its end was deleted, or it is a letter in front of the next one: it continues there. */
  goesOn: boolean;
  isFrame: boolean;
  isDropCap: boolean;
  /** Its beginning, as far as it is needed. */
  begins: string;
  label: Label | undefined;
}

interface Run {
  own: RunLook;
  style: string | undefined;
  look?: RunLook;
}

export interface DocxTextOptions {
  numbering: ReturnType<typeof createNumbering>;
  styles: RunStyles;
  related?: ReadonlyMap<string, DocxPart>;
  /** Texts of parts in other formats, by the id of their relationship. */
  chunks?: ReadonlyMap<string, string>;
  notice?: (kind: Notice['kind'], detail: string) => void;
  /** Where the text refers to a note. */
  onReference?: (kind: 'footnote' | 'endnote', id: string) => void;
  /** Each note of a part of notes. */
  onNote?: (id: string, text: string) => void;
}

/**
 * Writes the text of a part (the body, the notes, a header) into a flow as Word shows it with all changes accepted:
 * inserted text in, deleted text, rows and paragraph ends out, numbers of paragraphs before them, form fields with what
 * they hold, raised figures raised.
 */
export function readDocxText(bytes: Uint8Array, flow: TextFlow, options: DocxTextOptions): void {
  const { notice = () => {}, related, styles } = options;
  const paragraphs: Paragraph[] = [];
  const runs: Run[] = [];
  const tables: { style: string | undefined; headsFirst: boolean; rows: number }[] = [];
  const rows: { kept: boolean; shape: { -readonly [K in keyof RowShape]: RowShape[K] } }[] = [];
  const cells: CellShape[] = [];
  const controls: (ContentControl & { before: number })[] = [];
  const alternates: { before: number; done: boolean }[] = [];
  const drawings: Drawing[] = [];
  const formula: FormulaNode[] = [];
  const inProperties: string[] = [];
  /** Notes of Word 2003 that are open, each inside a run. */
  let inlineNotes = 0;
  let notes = 0;
  /** How deep inside something that does not show. */
  let skipped = 0;
  let inText = false;
  let inInstructions = false;
  let noteId: string | undefined;
  /** Stretches of text that were shown. */
  let shown = 0;

  const lookOf = (run: Run): RunLook => {
    run.look ??= { ...styles.look(run.style, paragraphs.at(-1)?.style), ...run.own };
    return run.look;
  };
  const write = (text: string, run: Run | undefined = runs.at(-1)) => {
    const look = run ? lookOf(run) : {};
    if (look.hidden || fields.hides() || text === '') return;
    const paragraph = paragraphs.at(-1);
    const usual = styles.look(undefined, paragraph?.style).size ?? plainSize;
    const script = paragraph?.isDropCap ? undefined : scriptOf(look, usual);
    const unknown = () => notice('part-not-read', look.font ?? 'Symbol');
    const written = symbolText(text, symbolFontOf(look), unknown);
    flow.add(written, { script, bold: look.bold });
    if (paragraph && paragraph.begins.length < 4) paragraph.begins += written;
    if (text.trim() !== '') {
      shown += 1;
      fields.shown();
    }
  };
  const fields = createFields(
    (text) => write(text),
    (what) => notice('field-not-read', what),
  );

  const part = (element: XmlElement, attribute: string) => related?.get(element.attribute(attribute) ?? '');
  const aside = (write: () => void) => {
    flow.openAside();
    write();
    flow.closeAside();
    shown += 1;
  };

  const opened: Record<string, (element: XmlElement) => void> = {
    'w:p': () =>
      void paragraphs.push({
        style: undefined,
        instance: undefined,
        level: undefined,
        goesOn: false,
        isFrame: false,
        isDropCap: false,
        begins: '',
        label: undefined,
      }),
    'w:r': () => void runs.push({ own: {}, style: undefined }),
    'w:t': () => {
      inText = true;
    },
    'w:instrText': () => {
      inInstructions = true;
    },
    'w:tbl': () => {
      tables.push({ style: undefined, headsFirst: false, rows: 0 });
      flow.openTable();
    },
    'w:tr': () => {
      const table = tables.at(-1);
      const isFirst = table !== undefined && table.rows === 0;
      if (table) table.rows += 1;
      const shape = { isHeader: isFirst && table.headsFirst && styles.hasHeadings(table.style) };
      rows.push({ kept: true, shape });
      flow.openRow(shape);
    },
    'w:tc': () => {
      const shape: CellShape = {};
      cells.push(shape);
      flow.openCell(shape);
    },
    'w:txbxContent': () => flow.openAside(),
    'w:fldChar': (element) => fields.mark(element.attribute('w:fldCharType')),
    'w:sym'(element) {
      const code = Number.parseInt(element.attribute('w:char') ?? '', 16) || 0;
      const font = element.attribute('w:font');
      const sign = symbolCharacter(symbolFont(font), code);
      if (sign === undefined) notice('part-not-read', font ?? 'Symbol');
      const run = runs.at(-1);
      if (sign !== undefined && code >= 0x20) write(sign, run && { own: { ...run.own, font: '' }, style: run.style });
    },
    'w:sdt': () => void controls.push({ before: shown, choices: new Map() }),
    'w:footnoteReference': (element) => refer('footnote', element),
    'w:endnoteReference': (element) => refer('endnote', element),
    'w:footnote': openNote,
    'w:endnote': openNote,
    'mc:AlternateContent': () => void alternates.push({ before: shown, done: false }),
    'w:drawing': () => void drawings.push(newDrawing()),
    'w:pict': () => void drawings.push(newDrawing()),
    'w:object': () => void drawings.push(newDrawing()),
    'v:textpath': (element) => {
      const text = element.attribute('string') ?? '';
      if (text !== '') aside(() => flow.add(text));
    },
    'dgm:relIds': (element) => readPart(part(element, 'r:dm'), readDiagram),
    'c:chart': (element) => readPart(part(element, 'r:id'), readChart),
    'o:OLEObject'(element) {
      const kind = element.attribute('ProgID') ?? 'OLE';
      notice(/^(?:Equation|MathType)/i.test(kind) ? 'part-not-read' : 'attachment-not-read', kind);
    },
    'w:control': (element) => notice('field-not-read', element.attribute('w:name') ?? 'ActiveX'),
    'w:subDoc': () => notice('part-not-read', 'subdocument'),
    'w:altChunk'(element) {
      // One that could not be read is noticed by what tried.
      const id = element.attribute('r:id') ?? '';
      if (!related?.has(id)) notice('part-not-read', 'altChunk');
      const text = options.chunks?.get(id) ?? '';
      if (text === '') return;
      flow.add(text);
      flow.endParagraph({ verbatim: true });
      shown += 1;
    },
  };

  function refer(kind: 'footnote' | 'endnote', element: XmlElement) {
    const run = runs.at(-1);
    if (run && lookOf(run).hidden) return;
    options.onReference?.(kind, element.attribute('w:id') ?? '');
  }
  function openNote(element: XmlElement) {
    if (runs.length > 0) {
      // Word 2003 has a note where the text refers to it.
      inlineNotes += 1;
      notes += 1;
      flow.add(`[${notes}]`);
      flow.openAside();
      return;
    }
    // Those with a type are the lines that part notes from the text.
    noteId = element.attribute('w:type') === undefined ? element.attribute('w:id') : undefined;
    flow.end();
  }
  function readPart(found: DocxPart | undefined, read: (part: DocxPart, flow: TextFlow) => void) {
    if (found) aside(() => read(found, flow));
    else notice('part-not-read', 'diagram');
  }

  const property = (element: XmlElement) => {
    if (inProperties.some((name) => name.endsWith('Change'))) return;
    const outermost = inProperties[0];
    const value = element.attribute('w:val');
    const paragraph = paragraphs.at(-1);
    const row = rows.at(-1);
    const cell = cells.at(-1);
    const run = runs.at(-1);
    const table = tables.at(-1);
    const control = controls.at(-1);
    if (outermost === 'w:rPr' && run) {
      if (element.name === 'w:rStyle') run.style = value;
      else setRunProperty(run.own, element);
    } else if (outermost === 'w:pPr' && paragraph)
      setParagraphProperty(paragraph, element, inProperties.includes('w:rPr'));
    else if (outermost === 'w:trPr' && row) {
      if (isDeletion(element)) row.kept = false;
      if (element.name === 'w:tblHeader') row.shape.isHeader = isOn(element);
      if (element.name === 'w:gridBefore') row.shape.skipped = Math.min(Number(value) || 0, 100);
    } else if (outermost === 'w:tcPr' && cell) {
      if (element.name === 'w:gridSpan') cell.columns = Number(value) || 1;
      if (element.name === 'w:vMerge' || element.name === 'w:vmerge') cell.goesOn = value !== 'restart';
    } else if (outermost === 'w:tblPr' && table) {
      if (element.name === 'w:tblStyle') table.style = value;
      if (element.name === 'w:tblLook') {
        const first = element.attribute('w:firstRow');
        table.headsFirst =
          first === undefined ? (Number.parseInt(value ?? '0', 16) & 0x20) !== 0 : first === '1' || first === 'true';
      }
    } else if (outermost === 'w:sdtPr' && control) setControlProperty(control, element);
  };

  const open = (element: XmlElement) => {
    const { name } = element;
    const alternate = alternates.at(-1);
    const isSkipped =
      skipped > 0 ||
      ((name === 'mc:Choice' || name === 'mc:Fallback') && alternate?.done === true) ||
      (inProperties.length === 0 && (hidden.has(name) || isHiddenAnnotation(element)));
    if (isSkipped) {
      skipped += 1;
    } else if (formula.length > 0 || name === 'm:oMath') {
      const node: FormulaNode = { name, children: [], attribute: element.attribute };
      formula.at(-1)?.children.push(node);
      formula.push(node);
    } else if (inProperties.length > 0 || propertyLists.has(name)) {
      inProperties.push(name);
      property(element);
    } else {
      const drawing = drawings.at(-1);
      if (drawing) setDrawingProperty(drawing, element);
      fields.formProperty(element);
      if (opened[name]) opened[name](element);
      else if (runs.length > 0 && breaks[name] !== undefined) write(breaks[name]);
    }
  };

  const endFormula = (node: FormulaNode) => {
    const text = mathText(node);
    const meets = /[\p{L}\p{N}]/u.test(flow.lastCharacter()) && /^[\p{L}\p{N}(]/u.test(text);
    write(meets ? ` ${text}` : text, { own: {}, style: undefined });
  };
  const endDrawing = () => {
    const drawing = drawings.pop();
    if (!drawing) return;
    const text = alternativeText(drawing.alternative);
    if (text !== undefined) aside(() => flow.add(text));
    if (isLargePicture(drawing)) notice('picture-not-read', drawing.alternative);
  };
  const endParagraph = () => {
    fields.endParagraph();
    const paragraph = paragraphs.pop();
    if (!paragraph) return;
    const isLetter = paragraph.isFrame && /^\s*["«“]?\p{Lu}\s*$/u.test(paragraph.begins);
    if (paragraph.goesOn || paragraph.isDropCap || isLetter) return;
    const label = paragraph.label ?? options.numbering(paragraph);
    flow.endParagraph(label ? { prefix: `${label.text} `, tight: label.isBullet } : {});
  };
  const endNote = () => {
    if (inlineNotes > 0) {
      inlineNotes -= 1;
      flow.closeAside(`[${notes}] `);
    } else if (noteId !== undefined) options.onNote?.(noteId, flow.end());
  };

  const closed: Record<string, () => void> = {
    'w:p': endParagraph,
    'w:r': () => void runs.pop(),
    'w:t': () => {
      inText = false;
    },
    'w:instrText': () => {
      inInstructions = false;
    },
    'w:fldChar': fields.endMark,
    'w:tc': () => {
      cells.pop();
      flow.closeCell();
    },
    'w:tr': () => flow.closeRow(rows.pop()?.kept),
    'w:tbl': () => {
      tables.pop();
      flow.closeTable();
    },
    'w:txbxContent': () => flow.closeAside(),
    'w:footnote': endNote,
    'w:endnote': endNote,
    'w:sdt'() {
      const control = controls.pop();
      const value = control && control.before === shown ? controlValue(control) : undefined;
      if (value !== undefined) write(value);
    },
    'mc:Choice'() {
      const alternate = alternates.at(-1);
      if (alternate) alternate.done = shown > alternate.before;
    },
    'mc:AlternateContent': () => void alternates.pop(),
    'w:drawing': endDrawing,
    'w:pict': endDrawing,
    'w:object': endDrawing,
  };

  readXml(bytes, wordNamespaces, {
    open,
    close(name) {
      if (skipped > 0) skipped -= 1;
      else if (formula.length > 0) {
        const node = formula.pop() as FormulaNode;
        if (formula.length === 0) endFormula(node);
      } else if (inProperties.length > 0) inProperties.pop();
      else closed[name]?.();
    },
    text(text) {
      if (skipped > 0 || inProperties.length > 0) return;
      const node = formula.at(-1);
      if (node) {
        if (node.name === 'm:t' || node.name === 'w:t') node.children.push(text);
      } else if (inText) write(text);
      else if (inInstructions) fields.instructions(text);
    },
  });
}

const isHiddenAnnotation = (element: XmlElement) =>
  element.name === 'aml:annotation' && hiddenAnnotations.has(element.attribute('w:type') ?? '');
const isDeletion = (element: XmlElement) =>
  element.name === 'w:del' || element.name === 'w:moveFrom' || isHiddenAnnotation(element);

function setParagraphProperty(paragraph: Paragraph, element: XmlElement, ofItsMark: boolean): void {
  const value = element.attribute('w:val');
  if (ofItsMark) {
    if (isDeletion(element)) paragraph.goesOn = true;
    return;
  }
  switch (element.name) {
    case 'w:pStyle':
      paragraph.style = value;
      break;
    case 'w:numId':
      paragraph.instance = value;
      break;
    case 'w:ilvl':
      paragraph.level = Number(value) || 0;
      break;
    case 'wx:t': {
      // Word 2003 writes down the number that it has worked out.
      const text = (element.attribute('wx:val') ?? '').trim().slice(0, 100);
      if (text !== '')
        paragraph.label =
          /[\p{L}\p{N}]{1,9}[.):]?$/u.test(text) && text !== 'o'
            ? { text, isBullet: false }
            : { text: '-', isBullet: true };
      break;
    }
    case 'w:framePr': {
      const drop = element.attribute('w:dropCap') ?? element.attribute('w:drop-cap') ?? 'none';
      paragraph.isFrame = true;
      paragraph.isDropCap = drop !== 'none';
    }
  }
}
