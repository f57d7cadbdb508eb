import type { TextFlow } from '../text-flow.ts';
import { type Namespaces, readXml, type XmlElement } from '../xml-events.ts';
import { createListLabels, createListStyleReader, integer, type ListStyles } from './lists.ts';

const oasis = 'urn:oasis:names:tc:opendocument:xmlns';
const namespaces: Namespaces = {
  [`${oasis}:office:1.0`]: 'office',
  [`${oasis}:text:1.0`]: 'text',
  [`${oasis}:table:1.0`]: 'table',
  [`${oasis}:style:1.0`]: 'style',
  [`${oasis}:drawing:1.0`]: 'draw',
};

/** Not shown, or not text: deletions that are remembered, comments, scripts, forms, the number of a note. */
const hidden = new Set([
  'text:tracked-changes',
  'office:annotation',
  'office:forms',
  'text:note-citation',
  'text:ruby-text',
  'text:script',
  'text:sequence-decls',
]);
/** `<text:s text:c="2000000000"/>` is forty bytes. */
const mostSpaces = 100;

interface List {
  style: string;
  /** Whether the next paragraph is an item's first. */
  itemBegins: boolean;
}

/** Styles of lists in a part, which may be the content itself. */
export function readListStyles(bytes: Uint8Array, styles: ListStyles): void {
  readXml(bytes, namespaces, { ...createListStyleReader(styles), text: () => {} });
}

/**
 * Writes the text of an OpenDocument part into a flow: paragraphs and headings with their numbers, table rows, notes and
 * text boxes behind their paragraph; tracked changes accepted.
 */
export function readOdtText(bytes: Uint8Array, flow: TextFlow, styles: ListStyles, within: string): void {
  const labels = createListLabels(styles);
  const lists: List[] = [];
  const openNotes: number[] = [];
  let skipped = 0;
  let inside = 0;
  let paragraphs = 0;
  let notes = 0;
  let prefix: { text: string; isBullet: boolean } | undefined;
  const prefixes: (typeof prefix)[] = [];

  const begin = (element: XmlElement) => {
    paragraphs += 1;
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

  const opened: Record<string, (element: XmlElement) => void> = {
    'text:p': begin,
    'text:h': begin,
    'text:s': (element) => flow.add(' '.repeat(integer(element.attribute('text:c'), 1, 1, mostSpaces))),
    'text:tab': () => flow.add('\t'),
    'text:line-break': () => flow.add('\n'),
    'text:list': openList,
    'text:list-item': () => {
      const list = lists.at(-1);
      if (list) list.itemBegins = true;
    },
    'table:table-row': () => flow.openRow(),
    'table:table-cell': () => flow.openCell(),
    'text:note': () => {
      notes += 1;
      openNotes.push(notes);
      flow.add(`[${notes}]`);
      flow.openAside();
    },
    'draw:text-box': () => flow.openAside(),
  };
  const closed: Record<string, () => void> = {
    'text:p': end,
    'text:h': end,
    'text:list': () => void lists.pop(),
    'table:table-row': () => flow.closeRow(),
    'table:table-cell': () => flow.closeCell(),
    'text:note': () => flow.closeAside(`[${openNotes.pop()}] `),
    'draw:text-box': () => flow.closeAside(),
  };

  readXml(bytes, namespaces, {
    open(element) {
      if (skipped > 0 || hidden.has(element.name) || element.attribute('text:display') === 'none') {
        skipped += 1;
      } else if (inside > 0 || element.name === within) {
        inside += 1;
        opened[element.name]?.(element);
      }
    },
    close(name) {
      if (skipped > 0) skipped -= 1;
      else if (inside > 0) {
        inside -= 1;
        closed[name]?.();
      }
    },
    // White space between elements is none of the text's; in paragraphs a run of it is one space (part 3, 6.1.2).
    text(text) {
      if (skipped === 0 && inside > 0 && paragraphs > 0) flow.add(text.replaceAll(/[ \t\r\n]+/g, ' '));
    },
  });
}
