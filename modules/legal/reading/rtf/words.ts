import { characters, frameWords, keptDestinations, paragraphEnds, skippedDestinations } from './destinations.ts';
import { setLook } from './group.ts';
import { enter } from './groups.ts';
import { levelIn, put, type Reading, takeLabel } from './reading.ts';

/** Does what a control word says. @param optional whether `\\*` stands before it */
export function takeWord(reading: Reading, word: string, value: number | undefined, optional: boolean): void {
  const { group, colours, formulas, fonts, fields, pictures, tables } = reading;
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
  else if (colours.define(word, value ?? 0)) return;
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
  if (word === 'pard') Object.assign(group, { level: 0, isFrame: false, isDropCap: false, isShaded: false });
  else if (word === 'intbl') group.level = Math.max(group.level, 1);
  else if (word === 'itap') group.level = Math.max(value ?? 0, 0);
  else if (word === 'cbpat' || word === 'shading') group.isShaded = (value ?? 0) !== 0;
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

function skip({ group }: Reading, word: string, optional: boolean): boolean {
  if (!skippedDestinations.has(word) && !(optional && !keptDestinations.has(word))) return false;
  Object.assign(group, { skipped: true, destination: undefined });
  return true;
}
