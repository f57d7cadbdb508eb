import type { Notice } from '../contract.ts';
import { alternativeText } from '../markup/alternative-text.ts';
import type { FormulaNode } from '../markup/formula.ts';
import { mathmlText } from '../markup/mathml.ts';
import { symbolText } from '../markup/symbol-fonts.ts';
import type { TextFlow } from '../markup/text-flow.ts';
import { type Namespaces, readXml, type XmlElement } from '../markup/xml-events.ts';
import { createFormValues } from './form-values.ts';
import { createListLabels, createListStyleReader, integer, type ListStyles } from './lists.ts';
import { createTextStyleReader, lookOf, type TextLook, type TextStyles } from './looks.ts';

const oasis = 'urn:oasis:names:tc:opendocument:xmlns';
const namespaces: Namespaces = {
  [`${oasis}:office:1.0`]: 'office',
  [`${oasis}:text:1.0`]: 'text',
  [`${oasis}:table:1.0`]: 'table',
  [`${oasis}:style:1.0`]: 'style',
  [`${oasis}:drawing:1.0`]: 'draw',
  [`${oasis}:form:1.0`]: 'form',
  [`${oasis}:svg-compatible:1.0`]: 'svg',
  [`${oasis}:xsl-fo-compatible:1.0`]: 'fo',
  'urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0': 'field',
  'http://www.w3.org/1999/xlink': 'xlink',
  'http://www.w3.org/1998/Math/MathML': 'math',
  'http://www.w3.org/XML/1998/namespace': 'xml',
};

/** Not shown, or not text: deletions that are remembered, comments, scripts, the number of a note, cells under others. */
const hidden = new Set([
  'text:tracked-changes',
  'office:annotation',
  'text:note-citation',
  'text:ruby-text',
  'text:script',
  'text:sequence-decls',
  'table:covered-table-cell',
]);
/** `<text:s text:c="2000000000"/>` is forty bytes. */
const mostSpaces = 100;

/** Larger each way than a logo. */
const largePicture = 8;

interface Frame {
  isPicture: boolean;
  /** An object in it is read or noticed; the picture only stands in for it. */
  isRead: boolean;
  description: string;
  width: number;
  height: number;
}

interface List {
  style: string;
  /** Whether the next paragraph is an item's first. */
  itemBegins: boolean;
}

export interface OdtStyles {
  lists: ListStyles;
  texts: TextStyles;
}

export interface OdtTextOptions {
  styles: OdtStyles;
  /** The element whose content is read. */
  within: string;
  /** The formula in an object of the archive; undefined for an object of another kind. */
  formulaOf?: (href: string) => string | undefined;
  notice?: (kind: Notice['kind'], detail: string) => void;
}

/** Styles in a part, which may be the content itself. */
export function readOdtStyles(bytes: Uint8Array, { lists, texts }: OdtStyles): void {
  const readers = [createListStyleReader(lists), createTextStyleReader(texts)];
  readXml(bytes, namespaces, {
    open: (element) => {
      for (const reader of readers) reader.open(element);
    },
    close: (name) => {
      for (const reader of readers) reader.close(name);
    },
    text: () => {},
  });
}

/** The formula that an object's own part holds, if it is one. */
export function readOdtFormula(bytes: Uint8Array): string | undefined {
  const nodes: FormulaNode[] = [];
  let root: FormulaNode | undefined;
  readXml(bytes, namespaces, {
    open({ name, attribute }) {
      if (nodes.length === 0 && name !== 'math:math') return;
      const node: FormulaNode = { name: name.replace(/^.*:/, ''), attribute, children: [] };
      nodes.at(-1)?.children.push(node);
      nodes.push(node);
      root ??= node;
    },
    close: () => void nodes.pop(),
    text: (text) => void nodes.at(-1)?.children.push(text),
  });
  return root && mathmlText(root);
}

/**
 * Writes the text of an OpenDocument part into a flow: paragraphs and headings with their numbers, table rows, notes and
 * text boxes behind their paragraph, values of form fields, formulas; tracked changes accepted.
 */
export function readOdtText(bytes: Uint8Array, flow: TextFlow, options: OdtTextOptions): void {
  const { styles, within, notice = () => {}, formulaOf = () => undefined } = options;
  const labels = createListLabels(styles.lists);
  const forms = createFormValues();
  const lists: List[] = [];
  const looks: TextLook[] = [];
  const frames: Frame[] = [];
  const fields: { entries: string[]; chosen: number; shows: string | undefined }[] = [];
  const openNotes: number[] = [];
  let headerRows = 0;
  let skipped = 0;
  let inside = 0;
  let paragraphs = 0;
  let notes = 0;
  let description = 0;
  let prefix: { text: string; isBullet: boolean } | undefined;
  const prefixes: (typeof prefix)[] = [];

  const write = (text: string) => {
    const look = looks.at(-1) ?? {};
    if (look.hidden !== true)
      flow.add(
        symbolText(text, look.font || undefined, () => notice('part-not-read', 'Symbol')),
        look,
      );
  };
  const begin = (element: XmlElement) => {
    paragraphs += 1;
    looks.push(lookOf(styles.texts, 'paragraph', element.attribute('text:style-name')));
    prefixes.push(prefix);
    prefix = undefined;
    const list = lists.at(-1);
    if (list?.itemBegins) {
      list.itemBegins = false;
      prefix = labels.next(list.style, lists.length);
    } else if (element.name === 'text:h' && lists.length === 0 && element.attribute('text:is-list-header') !== 'true') {
      prefix = labels.next('', integer(element.attribute('text:outline-level'), 1, 1, 10));
    }
  };
  const end = () => {
    paragraphs -= 1;
    looks.pop();
    flow.endParagraph(prefix ? { prefix: `${prefix.text} `, tight: prefix.isBullet } : {});
    prefix = prefixes.pop();
  };
  const openList = (element: XmlElement) => {
    const style = element.attribute('text:style-name') ?? lists.at(-1)?.style ?? '';
    const goesOn = element.attribute('text:continue-numbering') === 'true' || element.attribute('text:continue-list');
    if (lists.length === 0 && !goesOn) labels.restart(style);
    const outer = lists.at(-1);
    if (outer) outer.itemBegins = false;
    lists.push({ style, itemBegins: false });
  };
  const openField = (element: XmlElement) => {
    const kind = element.attribute('field:type') ?? '';
    fields.push({ entries: [], chosen: 0, shows: kind.endsWith('FORMCHECKBOX') ? '☐' : undefined });
  };
  const closeField = () => {
    const field = fields.pop();
    const shows = field?.shows ?? field?.entries[field.chosen];
    if (shows !== undefined) write(shows);
  };
  const openObject = (element: XmlElement) => {
    const frame = frames.at(-1);
    const href = element.attribute('xlink:href') ?? '';
    const formula = element.name === 'draw:object' ? formulaOf(href) : undefined;
    if (frame) frame.isRead = true;
    if (formula === undefined) notice('attachment-not-read', href.replace(/^\.\//, ''));
    else {
      const meets = /[\p{L}\p{N}]/u.test(flow.lastCharacter()) && /^[\p{L}\p{N}(]/u.test(formula);
      write(meets ? ` ${formula}` : formula);
    }
  };
  const closeFrame = () => {
    const frame = frames.pop();
    if (!frame?.isPicture || frame.isRead) return;
    const text = alternativeText(frame.description);
    if (text !== undefined) {
      flow.openAside();
      flow.add(text);
      flow.closeAside();
    }
    if (frame.width >= largePicture && frame.height >= largePicture) notice('picture-not-read', frame.description);
  };

  const opened: Record<string, (element: XmlElement) => void> = {
    'text:p': begin,
    'text:h': begin,
    'text:span': (element) => {
      const own = lookOf(styles.texts, 'text', element.attribute('text:style-name'));
      looks.push({ ...looks.at(-1), ...own });
    },
    'text:s': (element) => write(' '.repeat(integer(element.attribute('text:c'), 1, 1, mostSpaces))),
    'text:tab': () => write('\t'),
    'text:line-break': () => write('\n'),
    'text:list': openList,
    'text:list-item': () => {
      const list = lists.at(-1);
      if (list) list.itemBegins = true;
    },
    'table:table': () => flow.openTable(),
    'table:table-header-rows': () => {
      headerRows += 1;
    },
    'table:table-row': () => flow.openRow({ isHeader: headerRows > 0 }),
    'table:table-cell': (element) =>
      flow.openCell({
        columns: integer(element.attribute('table:number-columns-spanned'), 1, 1, 1000),
        rows: integer(element.attribute('table:number-rows-spanned'), 1, 1, 100_000),
      }),
    'text:note': () => {
      notes += 1;
      openNotes.push(notes);
      flow.add(`[${notes}]`);
      flow.openAside();
    },
    'draw:text-box': () => flow.openAside(),
    'draw:frame': ({ attribute }) =>
      void frames.push({
        isPicture: false,
        isRead: false,
        description: '',
        width: centimetres(attribute('svg:width')),
        height: centimetres(attribute('svg:height')),
      }),
    'draw:image': () => {
      const frame = frames.at(-1);
      if (frame) frame.isPicture = true;
    },
    'draw:object': openObject,
    'draw:object-ole': openObject,
    'draw:plugin': openObject,
    'draw:control': (element) => {
      const value = forms.valueOf(element.attribute('draw:control') ?? '');
      if (value === undefined) notice('field-not-read', element.attribute('draw:control') ?? '');
      else write(value);
    },
    'svg:title': () => {
      description += 1;
    },
    'svg:desc': () => {
      description += 1;
    },
    'field:fieldmark': openField,
    'field:fieldmark-start': openField,
    'field:param'({ attribute }) {
      const field = fields.at(-1);
      const value = attribute('field:value') ?? '';
      if (!field) return;
      if (attribute('field:name') === 'Checkbox_Checked' && value === 'true') field.shows = '☒';
      if (attribute('field:name') === 'Dropdown_ListEntry') field.entries.push(value);
      if (attribute('field:name') === 'Dropdown_Selected') field.chosen = Number(value) || 0;
    },
    'field:fieldmark-end': closeField,
  };
  const closed: Record<string, () => void> = {
    'text:p': end,
    'text:h': end,
    'text:span': () => void looks.pop(),
    'text:list': () => void lists.pop(),
    'table:table': () => flow.closeTable(),
    'table:table-header-rows': () => {
      headerRows -= 1;
    },
    'table:table-row': () => flow.closeRow(),
    'table:table-cell': () => flow.closeCell(),
    'text:note': () => flow.closeAside(`[${openNotes.pop()}] `),
    'draw:text-box': () => flow.closeAside(),
    'draw:frame': closeFrame,
    'svg:title': () => {
      description -= 1;
    },
    'svg:desc': () => {
      description -= 1;
    },
    'field:fieldmark': closeField,
  };

  readXml(bytes, namespaces, {
    open(element) {
      const isHidden = element.attribute('text:display') === 'none' || element.attribute('text:is-hidden') === 'true';
      if (skipped > 0 || hidden.has(element.name) || (isHidden && !element.name.startsWith('style:'))) {
        skipped += 1;
      } else if (inside > 0 || element.name === within) {
        inside += 1;
        forms.open(element);
        opened[element.name]?.(element);
      }
    },
    close(name) {
      if (skipped > 0) skipped -= 1;
      else if (inside > 0) {
        inside -= 1;
        forms.close(name);
        closed[name]?.();
      }
    },
    // White space between elements is none of the text's; in paragraphs a run of it is one space (part 3, 6.1.2).
    text(text) {
      if (skipped > 0 || inside === 0) return;
      const frame = frames.at(-1);
      if (description > 0) {
        if (frame) frame.description = `${frame.description} ${text}`.trim();
      } else if (paragraphs > 0) write(text.replaceAll(/[ \t\r\n]+/g, ' '));
    },
  });
}

/** A length as OpenDocument writes it: `8.5cm`, `3in`. 0 for what is none. */
function centimetres(length: string | undefined): number {
  const [, number = '0', unit = ''] = /^([\d.]{1,12})(cm|mm|in|pt)$/.exec(length ?? '') ?? [];
  return Number(number) * ({ cm: 1, mm: 0.1, in: 2.54, pt: 0.0353 }[unit] ?? 0);
}
