import { formulaBehind } from '../markup/formula.ts';
import type { Group } from './group.ts';
import { isHidden, levelIn, type Reading, write } from './reading.ts';

/** Enters the destination that a word names. @returns false when it names none that is known */
export function enter(reading: Reading, word: string): boolean {
  const { group, groups, fields, pictures } = reading;
  if (word === 'info') Object.assign(group, { skipped: true, destination: 'info' });
  else if (word === 'title' && groups.at(-1)?.destination === 'info') group.destination = 'title';
  else if (word === 'fonttbl') Object.assign(group, { skipped: true, destination: 'fonts' });
  else if (word === 'colortbl') Object.assign(group, { skipped: true, destination: 'colours' });
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
  Object.assign(group, { ends, destination: undefined, inBox: ends === 'box', level: 0, script: undefined, raised: 0 });
}

/** Does what is to do when a group ends. */
export function closeGroup(reading: Reading): void {
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
