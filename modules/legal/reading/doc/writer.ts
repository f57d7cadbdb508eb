import type { Notice } from '../contract.ts';
import { createFields } from '../docx/fields.ts';
import { plainSize, scriptOf } from '../docx/run-look.ts';
import { isUnseen } from '../markup/colours.ts';
import { symbolCharacter, symbolFont, symbolText } from '../markup/symbol-fonts.ts';
import { createTableDepths } from '../markup/table-depths.ts';
import type { TextFlow } from '../markup/text-flow.ts';
import type { DocFile } from './doc-file.ts';
import { formValue, isLargePicture } from './embedded-data.ts';
import type { CharacterLook, ParagraphPlace } from './properties.ts';

const sign = {
  data: 0x01,
  note: 0x02,
  cell: 0x07,
  line: 0x0b,
  page: 0x0c,
  paragraph: 0x0d,
  fieldBegin: 0x13,
  fieldText: 0x14,
  fieldEnd: 0x15,
};
const shown: Record<number, string> = { 9: '\t', [sign.line]: '\n', 30: '-', 31: '\u00ad' };

export interface Reading {
  file: DocFile;
  /** The stream `Data`, empty where there is none. */
  data: Buffer;
  flow: TextFlow;
  notice: (kind: Notice['kind'], detail: string) => void;
}

/** Writes a range of a document's text into its flow, character by character. */
export class DocWriter {
  private readonly reading: Reading;
  private readonly tables: ReturnType<typeof createTableDepths>;
  private readonly fields: ReturnType<typeof createFields>;
  /** Instructions of the fields that are open. */
  private readonly codes: string[] = [];
  /** Text that waits for more of the same look. */
  private pending = '';
  private pendingLook: CharacterLook = {};
  private current: CharacterLook = {};
  /** Of the open paragraph. */
  private place: ParagraphPlace | undefined;
  private begins = '';
  private usualSize = plainSize;

  constructor(reading: Reading) {
    this.reading = reading;
    this.tables = createTableDepths(reading.flow);
    this.fields = createFields(
      // A sign of a symbol font is one already.
      (text) => this.add(text, { ...this.current, font: -1 }),
      (what) => reading.notice('field-not-read', what),
    );
  }

  /** @returns whether the character refers to a note */
  take(code: number, look: CharacterLook, placeOf: () => ParagraphPlace): boolean {
    this.place ??= placeOf();
    this.current = look;
    if (code === sign.fieldBegin || code === sign.fieldText || code === sign.fieldEnd) this.mark(code);
    else if (code === sign.data) this.takeData(look);
    else if (this.fields.hides()) this.takeInstruction(code);
    else if (look.deleted || this.isUnseen(code, look)) return false;
    else if (code === sign.note) {
      this.flush();
      this.tables.moveTo(this.place.level);
      return true;
    } else if (look.symbol) this.takeSymbol(look.symbol, look);
    else if (code === sign.cell || code === sign.paragraph || code === sign.page) this.end(code, placeOf);
    else if (shown[code] !== undefined) this.add(shown[code], look);
    else if (code >= 0x20) this.add(String.fromCharCode(code), look);
    return false;
  }

  /** Writes what waits. */
  flush(): void {
    if (this.pending === '') return;
    const { file, flow, notice } = this.reading;
    const look = this.pendingLook;
    const font = file.fontName(look.font);
    const text = symbolText(this.pending, symbolFont(font), () => notice('part-not-read', font ?? 'Symbol'));
    const script = this.place?.isDropCap ? undefined : scriptOf({ ...look, font: undefined }, this.usualSize);
    this.pending = '';
    this.tables.moveTo(this.place?.level ?? 0);
    flow.add(text, { script, bold: look.bold });
    if (script === undefined && look.size !== undefined) this.usualSize = look.size;
    if (this.begins.length < 4) this.begins += text;
  }

  private add(text: string, look: CharacterLook): void {
    if (look !== this.pendingLook) this.flush();
    this.pendingLook = look;
    this.pending += text;
    if (text.trim() !== '') this.fields.shown();
  }

  /** Whether its author has hidden a character; white letters in tables may stand on the ground of a cell. */
  private isUnseen(code: number, look: CharacterLook): boolean {
    const isMark = code === sign.cell || code === sign.paragraph || code === sign.page;
    const isOnPaper = this.place?.level === 0 && !this.place.isShaded;
    if (isMark ? look.hidden !== true : !isUnseen(look, isOnPaper)) return false;
    if (code > 0x20) this.reading.notice('hidden-text', '');
    return true;
  }

  private mark(code: number): void {
    this.flush();
    this.fields.mark(code === sign.fieldBegin ? 'begin' : code === sign.fieldText ? 'separate' : 'end');
    if (code === sign.fieldBegin) this.codes.push('');
    else if (code === sign.fieldEnd) this.endField(this.codes.pop() ?? '');
  }

  private endField(code: string): void {
    const [, kind, what = ''] = /^\s*(EMBED|LINK|CONTROL)\s+(\S+)/i.exec(code) ?? [];
    if (kind === undefined) return;
    if (/^CONTROL$/i.test(kind)) this.reading.notice('field-not-read', what);
    else this.reading.notice(/^(?:Equation|MathType)/i.test(what) ? 'part-not-read' : 'attachment-not-read', what);
  }

  private takeInstruction(code: number): void {
    const text = String.fromCharCode(code);
    if (this.codes.length > 0) this.codes.push(((this.codes.pop() ?? '') + text).slice(0, 200));
    this.fields.instructions(text);
    if (code === sign.paragraph) this.fields.endParagraph();
  }

  private takeData({ data: offset, isFormData }: CharacterLook): void {
    const { data, notice } = this.reading;
    if (isFormData) {
      const value = offset === undefined ? undefined : formValue(data, offset);
      if (value !== undefined) this.fields.showValue(value);
    } else if (offset !== undefined && !/^\s*(?:EMBED|CONTROL)\b/i.test(this.codes.at(-1) ?? '')) {
      if (isLargePicture(data, offset)) notice('picture-not-read', '');
    }
  }

  private takeSymbol({ font, code }: NonNullable<CharacterLook['symbol']>, look: CharacterLook): void {
    const name = this.reading.file.fontName(font);
    const text = symbolCharacter(symbolFont(name), code);
    if (text === undefined) this.reading.notice('part-not-read', name ?? 'Symbol');
    else this.add(text, { ...look, font: -1 });
  }

  /** Ends a cell, a row or a paragraph. */
  private end(code: number, placeOf: () => ParagraphPlace): void {
    const place = this.place ?? placeOf();
    if (code === sign.cell) this.endCell(place.endsRow === placeOf().endsRow ? place : placeOf(), 1);
    else if (place.level > 1 && (place.endsCell || place.endsRow)) this.endCell(place, place.level);
    else this.endParagraph(place);
    this.place = undefined;
    this.begins = '';
  }

  private endCell(place: ParagraphPlace, level: number): void {
    this.flush();
    if (place.endsRow) this.tables.endRow(level, place.edges);
    else this.tables.endCell(level);
  }

  private endParagraph({ level, isDropCap, isFrame }: ParagraphPlace): void {
    this.flush();
    this.fields.endParagraph();
    this.flush();
    const isLetter = isFrame && /^\s*["«“]?\p{Lu}\s*$/u.test(this.begins);
    if (this.begins.trim() !== '' && (isDropCap || isLetter)) return;
    if (level === 0) this.tables.moveTo(0);
    this.reading.flow.endParagraph();
  }
}
