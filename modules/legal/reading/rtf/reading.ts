import type { Notice } from '../contract.ts';
import { isUnseen } from '../markup/colours.ts';
import { symbolText } from '../markup/symbol-fonts.ts';
import type { TextFlow } from '../markup/text-flow.ts';
import { createColours } from './colours.ts';
import { createRtfFields } from './fields.ts';
import { createFonts } from './fonts.ts';
import { createRtfFormulas } from './formulas.ts';
import { firstGroup, type Group, scriptIn } from './group.ts';
import { createRtfPictures } from './pictures.ts';
import { createRtfTables } from './tables.ts';

/** What a reading is in the middle of. */
export interface Reading {
  flow: TextFlow;
  fonts: ReturnType<typeof createFonts>;
  colours: ReturnType<typeof createColours>;
  tables: ReturnType<typeof createRtfTables>;
  fields: ReturnType<typeof createRtfFields>;
  formulas: ReturnType<typeof createRtfFormulas>;
  pictures: ReturnType<typeof createRtfPictures>;
  notice: (kind: Notice['kind'], detail: string) => void;
  groups: Group[];
  group: Group;
  title: string;
  /** The number of the open paragraph, as the program that wrote the file has put it down. */
  label: string;
  /** Text of the group that ends next: an entry of a list, a name, a value. */
  collected: string;
  shapeName: string;
  /** The beginning of the open paragraph, as far as it is needed. */
  begins: string;
  /** Of the text on the line, in half points. */
  usualSize: number;
  notes: number;
  /** Characters still to be left out behind a `\u`. */
  leftOut: number;
  /** Bytes of text: characters of two bytes may come as two escapes, so they are decoded when something else follows. */
  pending: number[];
}

/** A reading at the beginning of a file. */
export const beginReading = (flow: TextFlow, notice: Reading['notice']): Reading => ({
  ...{ flow, notice, fonts: createFonts(), colours: createColours(), tables: createRtfTables(flow) },
  ...{ fields: createRtfFields(), formulas: createRtfFormulas(), pictures: createRtfPictures(notice) },
  ...{ groups: [], group: { ...firstGroup } },
  ...{ title: '', label: '', collected: '', shapeName: '', begins: '', usualSize: firstGroup.size },
  ...{ notes: 0, leftOut: 0, pending: [] },
});

/** Writes the bytes of text that wait to be decoded. */
export function flush(reading: Reading): void {
  if (reading.pending.length === 0) return;
  const text = reading.fonts.decode(reading.pending, reading.group.font);
  reading.pending = [];
  put(reading, text);
}

/** Writes a text to where the group's texts belong. */
export function put(reading: Reading, text: string): void {
  const { group, fields } = reading;
  switch (group.destination) {
    case 'title':
      reading.title = (reading.title + text).slice(0, 2000);
      break;
    case 'label':
      reading.label = (reading.label + shown(reading, text)).slice(0, 100);
      break;
    case 'fonts':
      reading.fonts.addName(text);
      break;
    case 'colours':
      reading.colours.addEnds(text);
      break;
    case 'code':
      fields.addCode(text);
      break;
    case 'nested-result':
      fields.addResult(text);
      break;
    case 'collected':
      reading.collected = (reading.collected + text).slice(0, 4000);
      break;
    case 'none':
    case 'info':
      break;
    default:
      if (text === '') return;
      if (!isHidden(reading)) write(reading, shown(reading, text));
      else if (!isLeftOut(reading) && text.trim() !== '') reading.notice('hidden-text', '');
  }
}

/** Whether text here does not show. */
export const isHidden = (reading: Reading): boolean => isLeftOut(reading) || isUnseenIn(reading);

const isLeftOut = ({ group, fields }: Reading): boolean => group.skipped || group.deleted || fields.hidesResult();

/** White letters in tables and boxes may stand on a ground of another colour. */
function isUnseenIn({ group, colours, tables }: Reading): boolean {
  const { hidden, size, highlighted, isShaded, colour, level, inBox } = group;
  const look = { hidden, size, white: colours.isPaper(colour), shaded: highlighted || isShaded };
  return isUnseen(look, level === 0 && !tables.inRow() && !inBox);
}

/** A text as its font shows it. */
function shown({ fonts, group, notice }: Reading, text: string): string {
  const unknown = () => notice('part-not-read', fonts.name(group.font) || 'Symbol');
  if (fonts.isUnknown(group.font) && text.trim() !== '') unknown();
  return symbolText(text, fonts.symbols(group.font), unknown);
}

/** Writes a text that shows into the document. */
export function write(reading: Reading, text: string): void {
  const { group, flow, formulas, fields, tables } = reading;
  if (formulas.isOpen()) {
    formulas.add(text);
    return;
  }
  const script = scriptIn(group, reading.usualSize);
  tables.moveTo(levelIn(reading));
  flow.add(text, { script, bold: group.bold });
  if (reading.begins.length < 4) reading.begins += text;
  if (text.trim() === '') return;
  fields.shown();
  if (script === undefined && group.raised === 0) reading.usualSize = group.size;
}

/** How many tables a paragraph stands in: its properties say so, and some programs write only the row's. */
export const levelIn = ({ group, tables }: Reading): number => Math.max(group.level, tables.inRow() ? 1 : 0);

/** The number of the paragraph that ends. */
export function takeLabel(reading: Reading): { prefix?: string; tight?: boolean } {
  const text = reading.label.trim();
  reading.label = '';
  reading.begins = '';
  if (text === '') return {};
  const isBullet = /^(?:[^\p{L}\p{N}]|o)$/u.test(text);
  return { prefix: isBullet ? '- ' : `${text} `, tight: isBullet };
}
