import type { Notice } from '../contract.ts';
import { createFields } from '../docx/fields.ts';
import { plainSize, scriptOf } from '../docx/run-look.ts';
import { symbolCharacter, symbolFont, symbolText } from '../markup/symbol-fonts.ts';
import type { TextFlow } from '../markup/text-flow.ts';
import type { CharacterLook, DocFile, NotePlaces, ParagraphPlace } from './doc-file.ts';
import { formValue, isLargePicture } from './embedded-data.ts';

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

interface Reading {
  file: DocFile;
  /** The stream `Data`, empty where there is none. */
  data: Buffer;
  flow: TextFlow;
  notice: (kind: Notice['kind'], detail: string) => void;
}

/** Writes a document's body into a flow, its notes behind what refers to them and its text boxes at the end. */
export function writeText(reading: Reading): void {
  const { file, flow } = reading;
  const { body, footnotes, headers, comments, endnotes } = file.lengths;
  const endnoteStart = body + footnotes + headers + comments;
  const notes = new Map([
    ...noteRanges(file.footnotes, body, footnotes),
    ...noteRanges(file.endnotes, endnoteStart, endnotes),
  ]);
  let count = 0;
  writeRange(reading, 0, body, (cp) => {
    const range = notes.get(cp);
    if (!range) return;
    notes.delete(cp);
    count += 1;
    flow.add(`[${count}]`);
    flow.openAside();
    writeRange(reading, range.start, range.end, () => {});
    flow.closeAside(`[${count}] `);
  });
  if (file.boxes === 0) return;
  flow.leaveTable();
  flow.endParagraph();
  const start = endnoteStart + endnotes;
  writeRange(reading, start, start + file.boxes, () => {});
}

/** Where the text of each note stands, by the place that refers to it. */
function noteRanges({ references, texts }: NotePlaces, start: number, length: number) {
  return references.map((reference, index) => {
    const [from = 0, to = 0] = [texts[index], texts[index + 1]];
    const end = Math.min(to, length);
    return [reference, { start: start + Math.min(from, end), end: start + end }] as const;
  });
}

function writeRange(reading: Reading, from: number, to: number, onNote: (cp: number) => void): void {
  const { file } = reading;
  const writer = createWriter(reading);
  for (const piece of file.pieces) {
    const end = Math.min(piece.text.length, to - piece.cp);
    for (let index = Math.max(0, from - piece.cp); index < end; index += 1) {
      const fc = piece.fc + index * piece.width;
      const isNote = writer.take(piece.text.charCodeAt(index), file.lookAt(fc), () => file.paragraphAt(fc));
      if (isNote) onNote(piece.cp + index);
    }
  }
  writer.flush();
}

/** Writes a range character by character. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one automaton over characters; its steps share where the text stands.
function createWriter({ file, data, flow, notice }: Reading) {
  /** Instructions of the fields that are open. */
  const codes: string[] = [];
  let pending = '';
  let pendingLook: CharacterLook = {};
  let current: CharacterLook = {};
  let place: ParagraphPlace | undefined;
  let inTable = false;
  let begins = '';
  let usualSize = plainSize;
  const fields = createFields(
    // A sign of a symbol font is one already.
    (text) => add(text, { ...current, font: -1 }),
    (what) => notice('field-not-read', what),
  );

  const toPlace = () => {
    if (place?.inTable) {
      if (!inTable) flow.openTable({ hasEdges: true });
      flow.continueCell();
    } else flow.leaveTable();
    inTable = place?.inTable === true;
  };
  const flush = () => {
    if (pending === '') return;
    const font = file.fontName(pendingLook.font);
    const text = symbolText(pending, symbolFont(font), () => notice('part-not-read', font ?? 'Symbol'));
    const script = place?.isDropCap ? undefined : scriptOf({ ...pendingLook, font: undefined }, usualSize);
    pending = '';
    toPlace();
    flow.add(text, { script, bold: pendingLook.bold });
    if (script === undefined && pendingLook.size !== undefined) usualSize = pendingLook.size;
    if (begins.length < 4) begins += text;
  };
  const add = (text: string, look: CharacterLook) => {
    if (look !== pendingLook) flush();
    pendingLook = look;
    pending += text;
    if (text.trim() !== '') fields.shown();
  };
  const endField = () => {
    const [, kind, what = ''] = /^\s*(EMBED|LINK|CONTROL)\s+(\S+)/i.exec(codes.pop() ?? '') ?? [];
    if (kind === undefined) return;
    if (/^CONTROL$/i.test(kind)) notice('field-not-read', what);
    else notice(/^(?:Equation|MathType)/i.test(what) ? 'part-not-read' : 'attachment-not-read', what);
  };
  const mark = (code: number) => {
    flush();
    fields.mark(code === sign.fieldBegin ? 'begin' : code === sign.fieldText ? 'separate' : 'end');
    if (code === sign.fieldBegin) codes.push('');
    else if (code === sign.fieldEnd) endField();
  };
  const takeData = ({ data: offset, isFormData }: CharacterLook) => {
    if (isFormData) {
      const value = offset === undefined ? undefined : formValue(data, offset);
      if (value !== undefined) fields.showValue(value);
    } else if (offset !== undefined && !/^\s*(?:EMBED|CONTROL)\b/i.test(codes.at(-1) ?? '')) {
      if (isLargePicture(data, offset)) notice('picture-not-read', '');
    }
  };
  const endCell = () => {
    flush();
    if (place?.endsRow) flow.closeRow(true, place.edges);
    else {
      if (place) place = { ...place, inTable: true };
      toPlace();
      flow.closeCell();
    }
  };
  const endParagraph = () => {
    flush();
    fields.endParagraph();
    flush();
    const isLetter = place?.isFrame && /^\s*["«“]?\p{Lu}\s*$/u.test(begins);
    if (begins.trim() !== '' && (place?.isDropCap || isLetter)) return;
    if (!place?.inTable && inTable) toPlace();
    flow.endParagraph();
  };
  const end = (write: () => void) => {
    write();
    place = undefined;
    begins = '';
  };

  return {
    flush,
    /** @returns whether it refers to a note */
    take(code: number, look: CharacterLook, placeOf: () => ParagraphPlace): boolean {
      place ??= placeOf();
      current = look;
      if (code === sign.fieldBegin || code === sign.fieldText || code === sign.fieldEnd) mark(code);
      else if (code === sign.data) takeData(look);
      else if (fields.hides()) {
        const text = String.fromCharCode(code);
        if (codes.length > 0) codes[codes.length - 1] = (codes.at(-1) + text).slice(0, 200);
        fields.instructions(text);
        if (code === sign.paragraph) fields.endParagraph();
      } else if (look.hidden) return false;
      else if (code === sign.note) {
        flush();
        toPlace();
        return true;
      } else if (look.symbol) {
        const { font, code: glyph } = look.symbol;
        const name = file.fontName(font);
        const text = symbolCharacter(symbolFont(name), glyph);
        if (text === undefined) notice('part-not-read', name ?? 'Symbol');
        else add(text, { ...look, font: -1 });
      } else if (code === sign.cell) {
        if (place.endsRow !== placeOf().endsRow) place = placeOf();
        end(endCell);
      } else if (code === sign.paragraph || code === sign.page) end(endParagraph);
      else if (shown[code] !== undefined) add(shown[code], look);
      else if (code >= 0x20) add(String.fromCharCode(code), look);
      return false;
    },
  };
}
