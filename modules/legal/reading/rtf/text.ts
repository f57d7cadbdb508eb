import { type Notice, ParseFailure } from '../contract.ts';
import { formulaBehind } from '../markup/formula.ts';
import { symbolText } from '../markup/symbol-fonts.ts';
import type { TextFlow } from '../markup/text-flow.ts';
import {
  characters,
  frameWords,
  keptDestinations,
  paragraphEnds,
  skippedDestinations,
  symbols,
} from './destinations.ts';
import { createRtfFields } from './fields.ts';
import { createFonts } from './fonts.ts';
import { createRtfFormulas } from './formulas.ts';
import { firstGroup, type Group, innerGroup, scriptIn, setLook } from './group.ts';
import { createRtfPictures } from './pictures.ts';
import { createRtfTables } from './tables.ts';
import { type RtfToken, rtfTokens } from './tokens.ts';

const deepestGroup = 5_000;

/** What a reading is in the middle of. */
interface Reading {
  flow: TextFlow;
  fonts: ReturnType<typeof createFonts>;
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

/**
 * Writes the text of an RTF file into a flow: paragraphs with the numbers that stand in the file before them, table rows,
 * notes, what form fields hold, formulas; deleted and hidden text left out. Pictures and embedded objects are noticed.
 * @returns the title of its properties
 * @throws ParseFailure `damaged` when groups are nested past any sense
 */
export function readRtfText(file: Uint8Array, flow: TextFlow, notice: Reading['notice']): string | undefined {
  const reading: Reading = {
    ...{ flow, notice, fonts: createFonts(), tables: createRtfTables(flow), fields: createRtfFields() },
    ...{ formulas: createRtfFormulas(), pictures: createRtfPictures(notice), groups: [], group: { ...firstGroup } },
    ...{ title: '', label: '', collected: '', shapeName: '', begins: '', usualSize: firstGroup.size },
    ...{ notes: 0, leftOut: 0, pending: [] },
  };
  let optional = false;
  for (const token of rtfTokens(file)) {
    if (token.type !== 'bytes') flush(reading);
    const isMark = token.type === 'symbol' && token.name === '*';
    if (!isMark) step(reading, token, optional);
    // The mark counts for what stands directly behind it.
    optional = isMark;
  }
  flush(reading);
  // The last paragraph need not have an end.
  flow.endParagraph(takeLabel(reading));
  return reading.title.trim() || undefined;
}

function step(reading: Reading, token: RtfToken, optional: boolean): void {
  switch (token.type) {
    case 'open':
      reading.leftOut = 0;
      reading.groups.push(reading.group);
      if (reading.groups.length > deepestGroup) {
        throw new ParseFailure('damaged', 'Read RTF: groups are nested too deeply');
      }
      reading.group = innerGroup(reading.group);
      break;
    case 'close':
      reading.leftOut = 0;
      closeGroup(reading);
      break;
    case 'bytes':
      takeBytes(reading, token.bytes);
      break;
    case 'symbol':
      if (reading.leftOut > 0) reading.leftOut -= 1;
      else put(reading, symbols[token.name] ?? '');
      break;
    case 'word':
      takeWord(reading, token.name, token.value, optional);
  }
}

function takeBytes(reading: Reading, bytes: Uint8Array): void {
  const { group, leftOut } = reading;
  if (group.destination === 'none' || (group.skipped && group.destination === undefined)) return;
  const kept = leftOut > 0 ? bytes.subarray(leftOut) : bytes;
  reading.leftOut = Math.max(0, leftOut - bytes.length);
  for (const byte of kept) reading.pending.push(byte);
  if (reading.pending.length > 65_536) flush(reading);
}

function flush(reading: Reading): void {
  if (reading.pending.length === 0) return;
  const text = reading.fonts.decode(reading.pending, reading.group.font);
  reading.pending = [];
  put(reading, text);
}

/** Writes a text to where the group's texts belong. */
function put(reading: Reading, text: string): void {
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
      if (!isHidden(reading) && text !== '') write(reading, shown(reading, text));
  }
}

const isHidden = ({ group, fields }: Reading): boolean =>
  group.skipped || group.hidden || group.deleted || fields.hidesResult();

/** A text as its font shows it. */
function shown({ fonts, group, notice }: Reading, text: string): string {
  const unknown = () => notice('part-not-read', fonts.name(group.font) || 'Symbol');
  if (fonts.isUnknown(group.font) && text.trim() !== '') unknown();
  return symbolText(text, fonts.symbols(group.font), unknown);
}

/** Writes a text that shows into the document. */
function write(reading: Reading, text: string): void {
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
const levelIn = ({ group, tables }: Reading): number => Math.max(group.level, tables.inRow() ? 1 : 0);

function takeWord(reading: Reading, word: string, value: number | undefined, optional: boolean): void {
  const { group, formulas, fonts, fields, pictures, tables } = reading;
  if (!group.skipped && group.ends === undefined && formulas.enter(word)) {
    group.ends = 'formula';
    return;
  }
  if (enter(reading, word) || skip(reading, word, optional)) return;
  const text = characters[word];
  if (text !== undefined) {
    // A word may be what programs show that do not know the character before it.
    if (reading.leftOut > 0) reading.leftOut -= 1;
    else put(reading, text);
    return;
  }
  if (setLook(group, word, value)) return;
  if (word === 'u') {
    put(reading, String.fromCharCode((value ?? 0) & 0xffff));
    reading.leftOut = group.fallback;
  } else if (word === 'uc') group.fallback = Math.min(Math.max(value ?? 1, 0), 10);
  else if (word === 'ansicpg') fonts.setCodePage(value ?? 0);
  else if (word === 'mac') fonts.setCodePage('macintosh');
  else if (word === 'deff') fonts.setUsual(value ?? 0);
  else if (word === 'fcharset') fonts.setCharset(value ?? 0);
  else if (word === 'f') {
    if (group.destination === 'fonts') fonts.define(value ?? 0);
    else group.font = value ?? 0;
  } else if (!group.skipped && !tables.define(word, value ?? 0, group.level)) {
    fields.formWord(word, value ?? 0);
    pictures.pictureWord(word, value ?? 0);
    pictures.objectWord(word);
    takeParagraphWord(reading, word, value);
  }
}

function takeParagraphWord(reading: Reading, word: string, value: number | undefined): void {
  const { group, tables } = reading;
  if (word === 'pard') Object.assign(group, { level: 0, isFrame: false, isDropCap: false });
  else if (word === 'intbl') group.level = Math.max(group.level, 1);
  else if (word === 'itap') group.level = Math.max(value ?? 0, 0);
  else if (word === 'dropcapli') group.isDropCap = value !== 0;
  else if (frameWords.has(word)) group.isFrame = true;
  else if (group.destination !== undefined) return;
  else if (word === 'cell') tables.endCell(1, takeLabel(reading));
  else if (word === 'nestcell') tables.endCell(Math.max(group.level, 2), takeLabel(reading));
  else if (word === 'row') tables.endRow(1);
  else if (word === 'nestrow') tables.endRow(Math.max(group.level, 2));
  else if (paragraphEnds.has(word)) endParagraph(reading);
}

function endParagraph(reading: Reading): void {
  const { group, begins, tables } = reading;
  reading.begins = '';
  // Its end was deleted, or it is a letter in front of the next one: it continues there.
  const isLetter = group.isFrame && /^\s*["«“]?\p{Lu}\s*$/u.test(begins);
  if (group.deleted || (begins.trim() !== '' && (group.isDropCap || isLetter))) return;
  if (levelIn(reading) === 0) tables.moveTo(0);
  reading.flow.endParagraph(takeLabel(reading));
}

function takeLabel(reading: Reading): { prefix?: string; tight?: boolean } {
  const text = reading.label.trim();
  reading.label = '';
  reading.begins = '';
  if (text === '') return {};
  const isBullet = /^(?:[^\p{L}\p{N}]|o)$/u.test(text);
  return { prefix: isBullet ? '- ' : `${text} `, tight: isBullet };
}

/** Enters the destination that a word names. @returns false when it names none that is known */
function enter(reading: Reading, word: string): boolean {
  const { group, groups, fields, pictures } = reading;
  if (word === 'info') Object.assign(group, { skipped: true, destination: 'info' });
  else if (word === 'title' && groups.at(-1)?.destination === 'info') group.destination = 'title';
  else if (word === 'fonttbl') Object.assign(group, { skipped: true, destination: 'fonts' });
  else if (word === 'ud' && groups.at(-1)?.hasAlternatives) group.skipped = false;
  else if (group.skipped) return false;
  else if (word === 'upr') group.hasAlternatives = true;
  else if (word === 'listtext' || word === 'pntext') group.destination = 'label';
  else if (word === 'footnote') openNote(reading);
  else if (word === 'shptxt' || word === 'dptxbxtext') openAside(reading, 'box');
  else if (word === 'field') {
    fields.open();
    group.ends = 'field';
  } else if (word === 'fldinst') group.destination = 'code';
  else if (word === 'fldrslt') {
    fields.beginResult();
    if (group.destination === 'code') group.destination = 'nested-result';
  } else if (word === 'formfield') {
    fields.openForm();
    group.destination = 'none';
  } else if (word === 'object') {
    pictures.openObject();
    group.ends = 'object';
  } else if (word === 'pict') {
    pictures.openPicture();
    Object.assign(group, { destination: 'none', ends: 'picture' });
  } else return collect(reading, word);
  return true;
}

const collecting: Readonly<Record<string, Group['ends']>> = {
  ffl: 'entry',
  ffdeftext: 'default',
  objclass: 'class',
  sn: 'shape-name',
  sv: 'shape-value',
};

function collect(reading: Reading, word: string): boolean {
  const ends = collecting[word];
  if (ends === undefined) return false;
  Object.assign(reading.group, { destination: 'collected', ends });
  reading.collected = '';
  return true;
}

function skip({ group }: Reading, word: string, optional: boolean): boolean {
  if (!skippedDestinations.has(word) && !(optional && !keptDestinations.has(word))) return false;
  Object.assign(group, { skipped: true, destination: undefined });
  return true;
}

function openNote(reading: Reading): void {
  if (isHidden(reading)) return void Object.assign(reading.group, { skipped: true });
  reading.notes += 1;
  reading.tables.moveTo(levelIn(reading));
  // The mark is apart from its word by its brackets, raised or not.
  reading.flow.add(`[${reading.notes}]`);
  openAside(reading, 'note');
}

function openAside({ group, tables }: Reading, ends: 'box' | 'note'): void {
  tables.openAside();
  Object.assign(group, { ends, destination: undefined, level: 0, script: undefined, raised: 0 });
}

function closeGroup(reading: Reading): void {
  const { group, fields, formulas, pictures, tables, collected } = reading;
  reading.group = reading.groups.pop() ?? group;
  switch (group.ends) {
    case 'note':
      tables.closeAside(`[${reading.notes}] `);
      break;
    case 'box':
      tables.closeAside();
      break;
    case 'field':
      closeField(reading);
      break;
    case 'formula':
      closeFormula(reading, formulas.leave());
      break;
    case 'object':
      pictures.closeObject();
      break;
    case 'picture':
      pictures.closePicture();
      break;
    case 'class':
      pictures.addClass(collected);
      break;
    case 'entry':
      fields.addEntry(collected.trim());
      break;
    case 'default':
      fields.addDefault(collected);
      break;
    case 'shape-name':
      reading.shapeName = collected.trim();
      break;
    case 'shape-value':
      showProperty(reading, pictures.property(reading.shapeName, collected));
  }
}

function closeField(reading: Reading): void {
  const { shows, unread } = reading.fields.close();
  // One in another's instructions has become a part of these.
  if (isHidden(reading) || reading.group.destination !== undefined) return;
  if (shows !== undefined) write(reading, shows);
  else if (unread !== undefined) reading.notice('field-not-read', unread);
}

function closeFormula(reading: Reading, text: string | undefined): void {
  if (text === undefined || isHidden(reading)) return;
  write(reading, formulaBehind(reading.flow.lastCharacter(), text));
}

function showProperty({ flow, tables }: Reading, text: string | undefined): void {
  if (text === undefined) return;
  tables.openAside();
  flow.add(text);
  tables.closeAside();
}
