import type { Notice } from '../contract.ts';
import { isUnseen } from '../markup/colours.ts';
import type { FormulaNode } from '../markup/formula.ts';
import { symbolText } from '../markup/symbol-fonts.ts';
import type { CellShape, RowShape, TextFlow } from '../markup/text-flow.ts';
import type { ContentControl } from './content-control.ts';
import type { Drawing } from './drawing.ts';
import { createFields, type Fields } from './fields.ts';
import type { createNumbering, Label, NumberedParagraph } from './numbering.ts';
import type { DocxPart } from './parts.ts';
import { plainSize, type RunLook, type RunStyles, scriptOf, symbolFontOf } from './run-look.ts';

export interface Paragraph extends NumberedParagraph {
  /** Its end was deleted, or it is a letter in front of the next one: the next paragraph continues it. */
  continues: boolean;
  isFrame: boolean;
  isDropCap: boolean;
  isShaded: boolean;
  /** Its beginning, as far as it is needed. */
  begins: string;
  label: Label | undefined;
}

export interface OpenCell extends CellShape {
  isShaded?: boolean;
}

export interface Run {
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

/** The elements of a part that are open while it is read, and the flow that their text goes to. */
export class OpenElements {
  readonly flow: TextFlow;
  readonly options: DocxTextOptions;
  readonly notice: NonNullable<DocxTextOptions['notice']>;
  readonly fields: Fields;
  readonly paragraphs: Paragraph[] = [];
  readonly runs: Run[] = [];
  readonly tables: { style: string | undefined; headsFirst: boolean; rows: number; isShaded: boolean }[] = [];
  readonly rows: { kept: boolean; shape: { -readonly [K in keyof RowShape]: RowShape[K] } }[] = [];
  readonly cells: OpenCell[] = [];
  /** Text boxes, whose ground may have any colour. */
  boxes = 0;
  /** The page has a colour of its own. */
  hasBackground = false;
  readonly controls: (ContentControl & { before: number })[] = [];
  readonly alternates: { before: number; done: boolean }[] = [];
  readonly drawings: Drawing[] = [];
  readonly formula: FormulaNode[] = [];
  readonly properties: string[] = [];
  /** Notes of Word 2003 that are open, each inside a run. */
  inlineNotes = 0;
  notes = 0;
  /** How deep inside something that does not show. */
  skipped = 0;
  inText = false;
  inInstructions = false;
  noteId: string | undefined;
  /** Stretches of text that were shown. */
  shown = 0;

  constructor(flow: TextFlow, options: DocxTextOptions) {
    this.flow = flow;
    this.options = options;
    this.notice = options.notice ?? (() => {});
    this.fields = createFields(
      (text) => this.write(text),
      (what) => this.notice('field-not-read', what),
    );
  }

  lookOf(run: Run): RunLook {
    run.look ??= { ...this.options.styles.look(run.style, this.paragraphs.at(-1)?.style), ...run.own };
    return run.look;
  }

  /** Adds text as it looks in a run; nothing where the run or a field hides it. */
  write(text: string, run: Run | undefined = this.runs.at(-1)): void {
    const look = run ? this.lookOf(run) : {};
    if (this.fields.hides() || text === '') return;
    if (isUnseen(look, this.isOnPaper())) {
      if (text.trim() !== '') this.notice('hidden-text', '');
      return;
    }
    const paragraph = this.paragraphs.at(-1);
    const usual = this.options.styles.look(undefined, paragraph?.style).size ?? plainSize;
    const script = paragraph?.isDropCap ? undefined : scriptOf(look, usual);
    const unknown = () => this.notice('part-not-read', look.font ?? 'Symbol');
    const written = symbolText(text, symbolFontOf(look), unknown);
    this.flow.add(written, { script, bold: look.bold });
    if (paragraph && paragraph.begins.length < 4) paragraph.begins += written;
    if (text.trim() !== '') {
      this.shown += 1;
      this.fields.shown();
    }
  }

  /** Whether nothing around the open paragraph is known to have another ground than white. */
  private isOnPaper(): boolean {
    const isDark = this.boxes > 0 || this.hasBackground || this.paragraphs.at(-1)?.isShaded === true;
    return (
      !isDark &&
      !this.tables.some((table) => table.style !== undefined || table.isShaded) &&
      !this.cells.some((cell) => cell.isShaded)
    );
  }

  part(element: { attribute(name: string): string | undefined }, attribute: string): DocxPart | undefined {
    return this.options.related?.get(element.attribute(attribute) ?? '');
  }

  /** Text that stands behind the open paragraph: a text box, a description. */
  aside(write: () => void): void {
    this.flow.openAside();
    write();
    this.flow.closeAside();
    this.shown += 1;
  }
}
