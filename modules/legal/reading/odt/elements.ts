import { alternativeText } from '../markup/alternative-text.ts';
import { formulaBehind } from '../markup/formula.ts';
import type { XmlElement } from '../markup/xml-events.ts';
import { integer } from './lists.ts';
import { lookOf } from './looks.ts';
import type { OpenElements } from './open-elements.ts';

/** `<text:s text:c="2000000000"/>` is forty bytes. */
const mostSpaces = 100;

/** Larger each way than a logo, in centimetres. */
const largePicture = 8;

/** What the start of an element does, by its name. */
export const opened: Record<string, (open: OpenElements, element: XmlElement) => void> = {
  'text:p': begin,
  'text:h': begin,
  'text:span': (open, element) => {
    const own = lookOf(open.options.styles.texts, 'text', element.attribute('text:style-name'));
    open.looks.push({ ...open.looks.at(-1), ...own });
  },
  'text:s': (open, element) => open.write(' '.repeat(integer(element.attribute('text:c'), 1, 1, mostSpaces))),
  'text:tab': (open) => open.write('\t'),
  'text:line-break': (open) => open.write('\n'),
  'text:list': openList,
  'text:list-item': (open) => {
    const list = open.lists.at(-1);
    if (list) list.itemBegins = true;
  },
  'table:table': (open) => open.flow.openTable(),
  'table:table-header-rows': (open) => {
    open.headerRows += 1;
  },
  'table:table-row': (open) => open.flow.openRow({ isHeader: open.headerRows > 0 }),
  'table:table-cell': (open, element) => {
    open.grounds += 1;
    open.flow.openCell({
      columns: integer(element.attribute('table:number-columns-spanned'), 1, 1, 1000),
      rows: integer(element.attribute('table:number-rows-spanned'), 1, 1, 100_000),
    });
  },
  'text:note': (open) => {
    open.notes += 1;
    open.openNotes.push(open.notes);
    open.flow.add(`[${open.notes}]`);
    open.flow.openAside();
  },
  'draw:text-box': (open) => {
    open.grounds += 1;
    open.flow.openAside();
  },
  'draw:frame': (open, { attribute }) =>
    void open.frames.push({
      isPicture: false,
      isRead: false,
      description: '',
      width: centimetres(attribute('svg:width')),
      height: centimetres(attribute('svg:height')),
    }),
  'draw:image': (open) => {
    const frame = open.frames.at(-1);
    if (frame) frame.isPicture = true;
  },
  'draw:object': openObject,
  'draw:object-ole': openObject,
  'draw:plugin': openObject,
  'draw:control': (open, element) => {
    const value = open.forms.valueOf(element.attribute('draw:control') ?? '');
    if (value === undefined) open.notice('field-not-read', element.attribute('draw:control') ?? '');
    else open.write(value);
  },
  'svg:title': (open) => {
    open.description += 1;
  },
  'svg:desc': (open) => {
    open.description += 1;
  },
  'field:fieldmark': openField,
  'field:fieldmark-start': openField,
  'field:param'(open, { attribute }) {
    const field = open.fields.at(-1);
    const value = attribute('field:value') ?? '';
    if (!field) return;
    if (attribute('field:name') === 'Checkbox_Checked' && value === 'true') field.shows = '☒';
    if (attribute('field:name') === 'Dropdown_ListEntry') field.entries.push(value);
    if (attribute('field:name') === 'Dropdown_Selected') field.chosen = Number(value) || 0;
  },
  'field:fieldmark-end': closeField,
};

/** What the end of an element does, by its name. */
export const closed: Record<string, (open: OpenElements) => void> = {
  'text:p': end,
  'text:h': end,
  'text:span': (open) => void open.looks.pop(),
  'text:list': (open) => void open.lists.pop(),
  'table:table': (open) => open.flow.closeTable(),
  'table:table-header-rows': (open) => {
    open.headerRows -= 1;
  },
  'table:table-row': (open) => open.flow.closeRow(),
  'table:table-cell': (open) => {
    open.grounds -= 1;
    open.flow.closeCell();
  },
  'text:note': (open) => open.flow.closeAside(`[${open.openNotes.pop()}] `),
  'draw:text-box': (open) => {
    open.grounds -= 1;
    open.flow.closeAside();
  },
  'draw:frame': closeFrame,
  'svg:title': (open) => {
    open.description -= 1;
  },
  'svg:desc': (open) => {
    open.description -= 1;
  },
  'field:fieldmark': closeField,
};

function begin(open: OpenElements, element: XmlElement): void {
  open.paragraphs += 1;
  open.looks.push(lookOf(open.options.styles.texts, 'paragraph', element.attribute('text:style-name')));
  open.prefixes.push(open.prefix);
  open.prefix = undefined;
  const list = open.lists.at(-1);
  if (list?.itemBegins) {
    list.itemBegins = false;
    open.prefix = open.labels.next(list.style, open.lists.length);
  } else if (
    element.name === 'text:h' &&
    open.lists.length === 0 &&
    element.attribute('text:is-list-header') !== 'true'
  ) {
    open.prefix = open.labels.next('', integer(element.attribute('text:outline-level'), 1, 1, 10));
  }
}

function end(open: OpenElements): void {
  open.paragraphs -= 1;
  open.looks.pop();
  const { prefix } = open;
  open.flow.endParagraph(prefix ? { prefix: `${prefix.text} `, tight: prefix.isBullet } : {});
  open.prefix = open.prefixes.pop();
}

function openList(open: OpenElements, element: XmlElement): void {
  const style = element.attribute('text:style-name') ?? open.lists.at(-1)?.style ?? '';
  const goesOn = element.attribute('text:continue-numbering') === 'true' || element.attribute('text:continue-list');
  if (open.lists.length === 0 && !goesOn) open.labels.restart(style);
  const outer = open.lists.at(-1);
  if (outer) outer.itemBegins = false;
  open.lists.push({ style, itemBegins: false });
}

function openField(open: OpenElements, element: XmlElement): void {
  const kind = element.attribute('field:type') ?? '';
  open.fields.push({ entries: [], chosen: 0, shows: kind.endsWith('FORMCHECKBOX') ? '☐' : undefined });
}

function closeField(open: OpenElements): void {
  const field = open.fields.pop();
  const shows = field?.shows ?? field?.entries[field.chosen];
  if (shows !== undefined) open.write(shows);
}

function openObject(open: OpenElements, element: XmlElement): void {
  const frame = open.frames.at(-1);
  const href = element.attribute('xlink:href') ?? '';
  const formula = element.name === 'draw:object' ? open.options.formulaOf?.(href) : undefined;
  if (frame) frame.isRead = true;
  if (formula === undefined) open.notice('attachment-not-read', href.replace(/^\.\//, ''));
  else open.write(formulaBehind(open.flow.lastCharacter(), formula));
}

function closeFrame(open: OpenElements): void {
  const frame = open.frames.pop();
  if (!frame?.isPicture || frame.isRead) return;
  const text = alternativeText(frame.description);
  if (text !== undefined) {
    open.flow.openAside();
    open.flow.add(text);
    open.flow.closeAside();
  }
  if (frame.width >= largePicture && frame.height >= largePicture) open.notice('picture-not-read', frame.description);
}

/** A length as OpenDocument writes it: `8.5cm`, `3in`. 0 for what is none. */
function centimetres(length: string | undefined): number {
  const [, number = '0', unit = ''] = /^([\d.]{1,12})(cm|mm|in|pt)$/.exec(length ?? '') ?? [];
  return Number(number) * ({ cm: 1, mm: 0.1, in: 2.54, pt: 0.0353 }[unit] ?? 0);
}
