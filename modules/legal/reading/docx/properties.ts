import type { XmlElement } from '../markup/xml-events.ts';
import { setControlProperty } from './content-control.ts';
import { isOn } from './numbering.ts';
import type { OpenElements, Paragraph } from './open-elements.ts';
import { isShading, setRunProperty } from './run-look.ts';

const hiddenAnnotations = new Set(['Word.Deletion', 'Word.Comment']);

/** Elements that say how the one around them is; their content is none of the text. */
export const propertyLists = new Set(['w:pPr', 'w:rPr', 'w:trPr', 'w:tcPr', 'w:tblPr', 'w:tblPrEx', 'w:sdtPr']);

/** Whether a comment or a deletion of Word 2003 stands here. */
export const isHiddenAnnotation = (element: XmlElement): boolean =>
  element.name === 'aml:annotation' && hiddenAnnotations.has(element.attribute('w:type') ?? '');

const isDeletion = (element: XmlElement) =>
  element.name === 'w:del' || element.name === 'w:moveFrom' || isHiddenAnnotation(element);

/** Takes an element inside a list of properties for the open element that the list belongs to. */
export function setProperty(open: OpenElements, element: XmlElement): void {
  if (open.properties.some((name) => name.endsWith('Change'))) return;
  const value = element.attribute('w:val');
  const run = open.runs.at(-1);
  const paragraph = open.paragraphs.at(-1);
  const control = open.controls.at(-1);
  switch (open.properties[0]) {
    case 'w:rPr':
      if (!run) return;
      if (element.name === 'w:rStyle') run.style = value;
      else setRunProperty(run.own, element);
      return;
    case 'w:pPr':
      if (paragraph) setParagraphProperty(paragraph, element, open.properties.includes('w:rPr'));
      return;
    case 'w:sdtPr':
      if (control) setControlProperty(control, element);
      return;
    default:
      setTableProperty(open, element, value);
  }
}

function setTableProperty(open: OpenElements, element: XmlElement, value: string | undefined): void {
  const table = open.tables.at(-1);
  const row = open.rows.at(-1);
  const cell = open.cells.at(-1);
  const list = open.properties[0];
  if (list === 'w:trPr' && row) {
    if (isDeletion(element)) row.kept = false;
    if (element.name === 'w:tblHeader') row.shape.isHeader = isOn(element);
    if (element.name === 'w:gridBefore') row.shape.skipped = Math.min(Number(value) || 0, 100);
  } else if (list === 'w:tcPr' && cell) {
    if (element.name === 'w:shd') cell.isShaded = isShading(element);
    if (element.name === 'w:gridSpan') cell.columns = Number(value) || 1;
    if (element.name === 'w:vMerge' || element.name === 'w:vmerge') cell.goesOn = value !== 'restart';
  } else if (list === 'w:tblPr' && table) {
    if (element.name === 'w:tblStyle') table.style = value;
    if (element.name === 'w:shd') table.isShaded = isShading(element);
    if (element.name === 'w:tblLook') {
      const first = element.attribute('w:firstRow');
      table.headsFirst =
        first === undefined ? (Number.parseInt(value ?? '0', 16) & 0x20) !== 0 : first === '1' || first === 'true';
    }
  }
}

function setParagraphProperty(paragraph: Paragraph, element: XmlElement, ofItsMark: boolean): void {
  const value = element.attribute('w:val');
  if (ofItsMark) {
    if (isDeletion(element)) paragraph.continues = true;
    return;
  }
  switch (element.name) {
    case 'w:shd':
      paragraph.isShaded = isShading(element);
      break;
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
