import type { AnyNode, Document, Element } from 'domhandler';
import { parseDocument } from 'htmlparser2';
import type { Notice } from '../contract.ts';
import { alternativeText } from '../markup/alternative-text.ts';
import type { FormulaNode } from '../markup/formula.ts';
import { mathmlText } from '../markup/mathml.ts';
import { symbolFont, symbolText } from '../markup/symbol-fonts.ts';
import { createTextFlow, type Look, type TextFlow } from '../markup/text-flow.ts';
import { createStyleSheet, type Style, type StyleSheet } from './css-rules.ts';
import { formValue } from './form-value.ts';
import { type Colours, coloursOf, isBold, isHidden, isNoText, scriptOf } from './shown.ts';
import { findAll, isTag, textContent } from './tree.ts';

/** Blocks with a blank line around them. */
const paragraphs = new Set('p h1 h2 h3 h4 h5 h6 blockquote pre caption'.split(' '));
/** Blocks that begin a line. */
const lines = new Set(
  'div section article header footer main nav aside address figure figcaption form fieldset legend details summary center dl dt dd ul ol li hr body html'.split(
    ' ',
  ),
);
/** Pictures of so many pixels each way, or bytes in the page itself, are no decoration. */
const largePixels = 300;
const largeBytes = 40_000;

interface Around extends Look, Colours {
  visible: boolean;
  verbatim: boolean;
  font: string | undefined;
}

export interface HtmlOptions {
  /** UTF-16 code units of text. */
  characters?: number;
  notice?: (kind: Notice['kind'], detail: string) => void;
}

/**
 * What a reader of the page sees, as lines in reading order: headings, paragraphs, numbered and bulleted lists, table
 * rows, values of form fields, formulas; no scripts, styles, hidden or deleted parts, no addresses of links. Nothing is
 * fetched. Recursive: very deep nesting throws a RangeError.
 */
export function htmlToLines(html: string, options: HtmlOptions = {}): string {
  const document = parseDocument(html);
  const sheet = createStyleSheet(findAll(document, 'style').map(textContent));
  const flow = createTextFlow({ characters: options.characters ?? Number.POSITIVE_INFINITY });
  writeNodes(document, flow, sheet, options.notice ?? (() => {}));
  return flow.end();
}

/** The content of `<title>`, undefined when there is none. */
export function htmlTitle(html: string): string | undefined {
  const [title] = findAll(parseDocument(html.slice(0, 64 * 1024)), 'title', 1);
  return title && (textContent(title).replaceAll(/\s+/g, ' ').trim() || undefined);
}

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one walk of the tree; its steps share the marks of open lists and fields.
function writeNodes(document: Document, flow: TextFlow, sheet: StyleSheet, notice: NonNullable<HtmlOptions['notice']>) {
  /** The mark of the list item that begins. */
  let prefix: { text: string; isFirst: boolean } | undefined;
  /** A field's value ends here: what follows must not join it. */
  let isBehindField = false;

  const endBlock = (isTight: boolean, isVerbatim = false) => {
    if (flow.lastCharacter() === '') return;
    if (prefix) flow.endParagraph({ prefix: prefix.text, tight: true, apart: prefix.isFirst, verbatim: isVerbatim });
    else flow.endParagraph({ tight: isTight, verbatim: isVerbatim });
    prefix = undefined;
    isBehindField = false;
  };
  let isTold = false;
  const noticeHidden = (text: string) => {
    if (!/\p{L}/u.test(text)) return;
    isTold = true;
    notice('hidden-text', '');
  };
  const hides = (node: Element, style: Style): boolean => {
    if (!isHidden(node, style)) return false;
    if (!isTold && !isNoText(node)) noticeHidden(textContent(node));
    return true;
  };
  const write = (text: string, around: Around) => {
    if (!around.visible || (around.white && !around.onGround)) {
      noticeHidden(text);
      return;
    }
    const meets = isBehindField && /^[\p{L}\p{N}]/u.test(text);
    isBehindField = false;
    flow.add((meets ? ' ' : '') + symbolText(text, around.font, () => {}), around);
  };
  const writeText = (data: string, around: Around) => {
    if (around.verbatim) {
      write(data, around);
      return;
    }
    const collapsed = data.replaceAll(/[ \t\r\n\f]+/g, ' ');
    const last = flow.lastCharacter();
    const text = last === '' || last === ' ' || last === '\n' ? collapsed.replace(/^ /, '') : collapsed;
    if (text !== '') write(text, around);
  };
  const writeField = (value: string, around: Around) => {
    if (value === '') return;
    const meets = /[\p{L}\p{N}]/u.test(flow.lastCharacter());
    write(meets ? ` ${value}` : value, { ...around, script: undefined });
    isBehindField = true;
  };

  const writeList = (list: Element, around: Around) => {
    const isOrdered = list.name === 'ol';
    let number = Number.parseInt(list.attribs.start ?? '1', 10) || 1;
    let isFirst = true;
    for (const child of list.children) {
      if (!isTag(child) || child.name !== 'li' || isHidden(child, sheet.styleOf(child))) {
        visit(child, around);
        continue;
      }
      endBlock(true);
      number = Number.parseInt(child.attribs.value ?? '', 10) || number;
      prefix = {
        text: isOrdered ? ` ${itemNumber(number, list.attribs.type)}${list.attribs['data-delimiter'] ?? '.'} ` : '- ',
        isFirst,
      };
      visit(child, around);
      endBlock(true);
      prefix = undefined;
      isFirst = false;
      number += list.attribs.reversed === undefined ? 1 : -1;
    }
  };
  const writeRow = (row: Element, around: Around, isHead: boolean) => {
    const cells = row.children.filter(isTag).filter(({ name }) => name === 'td' || name === 'th');
    const shown = cells.filter((cell) => !hides(cell, sheet.styleOf(cell)));
    const isHeader = shown.length > 1 && (isHead || shown.every(({ name }) => name === 'th'));
    flow.openRow({ isHeader });
    for (const cell of shown) {
      const [columns, rows] = [cell.attribs.colspan, cell.attribs.rowspan].map((span) =>
        Number.parseInt(span ?? '1', 10),
      );
      // Zero reaches to the end of the table.
      flow.openCell({ columns: columns || 1, rows: rows === 0 ? Number.POSITIVE_INFINITY : rows || 1 });
      visit(cell, around);
      endBlock(true);
      flow.closeCell();
    }
    flow.closeRow();
  };
  const writeTable = (table: Element, around: Around, isHead = false) => {
    for (const child of table.children) {
      if (!isTag(child)) {
        if (child.type === 'text' && child.data.trim() !== '') writeText(child.data, around);
        continue;
      }
      const style = sheet.styleOf(child);
      if (hides(child, style)) continue;
      const inner = { ...around, ...coloursOf(child, style, around), visible: isVisible(style, around) };
      if (child.name === 'tr') writeRow(child, inner, isHead);
      else if (/^(?:thead|tbody|tfoot)$/.test(child.name)) writeTable(child, inner, child.name === 'thead');
      else visit(child, inner);
    }
  };

  const visit = (node: AnyNode, around: Around) => {
    if (node.type === 'text') writeText(node.data, around);
    else if (isTag(node)) visitElement(node, around);
    else if ('children' in node) for (const child of node.children) visit(child, around);
  };
  const visitElement = (node: Element, around: Around) => {
    const style = sheet.styleOf(node);
    noticeMissing(node, notice);
    if (hides(node, style)) return;
    const value = formValue(node);
    const inner = lookOf(node, style, around);
    if (value !== undefined) writeField(value, inner);
    else if (node.name === 'br') write('\n', around);
    else if (node.name === 'img') writeField(alternativeText(node.attribs.alt ?? '') ?? '', around);
    else if (node.name === 'math') writeField(mathmlText(toFormula(node)), around);
    else if (isNoteMark(node)) write(`[${textContent(node).replaceAll(/[\s[\]()]+/g, '')}]`, around);
    else if (node.attribs['data-note'] !== undefined) {
      flow.openAside();
      for (const child of node.children) visit(child, inner);
      flow.closeAside(`[${node.attribs['data-note']}] `);
    } else if (node.name === 'table') {
      endBlock(true);
      flow.openTable();
      writeTable(node, inner);
      flow.closeTable();
    } else if (isBlock(node, style)) {
      const isTight = !paragraphs.has(node.name);
      endBlock(true);
      if (node.name === 'ul' || node.name === 'ol') writeList(node, inner);
      else for (const child of node.children) visit(child, inner);
      endBlock(isTight, inner.verbatim);
    } else for (const child of node.children) visit(child, inner);
  };
  // What is fetched, or is not understood, may paint any ground.
  const onGround =
    sheet.hasUnknownGrounds || findAll(document, 'link').some(({ attribs }) => /stylesheet/i.test(attribs.rel ?? ''));
  visit(document, { visible: true, verbatim: false, font: undefined, white: false, onGround });
}

const isVisible = (style: Style, around: Around) =>
  style.visibility === undefined || style.visibility === 'inherit' ? around.visible : style.visibility === 'visible';

function lookOf(element: Element, style: Style, around: Around): Around {
  const font = style['font-family'] ?? (element.name === 'font' ? element.attribs.face : undefined);
  const space = style['white-space'];
  return {
    ...coloursOf(element, style, around),
    visible: isVisible(style, around),
    verbatim: space === undefined ? around.verbatim || element.name === 'pre' : /^(?:pre|break-spaces)/.test(space),
    font: font === undefined ? around.font : symbolFont(font.split(',')[0]?.replaceAll(/["']/g, '')),
    script: scriptOf(element, style) ?? around.script,
    bold: isBold(element, style) ?? around.bold,
  };
}

function isBlock({ name }: Element, { display }: Style): boolean {
  if (display === 'inline' || display === 'contents') return false;
  return (
    paragraphs.has(name) ||
    lines.has(name) ||
    (/^(?:block|flex|grid|list-item|table)/.test(display ?? '') && name !== 'td' && name !== 'th')
  );
}

/** A raised link to a note on the same page: `<sup><a href="#fn1">1</a></sup>`. */
function isNoteMark(element: Element): boolean {
  if (element.name !== 'sup' || !/^[\s[(]*[\p{L}\p{N}*]{1,4}[\s\])]*$/u.test(textContent(element))) return false;
  return (
    findAll(element, 'a', 1).some(({ attribs }) => attribs.href?.startsWith('#') === true) ||
    /noteref/.test(element.attribs.role ?? '')
  );
}

const toFormula = (element: Element): FormulaNode => ({
  name: element.name.replace(/^.*:/, ''),
  attribute: (name) => element.attribs[name],
  children: element.children.flatMap((child): (FormulaNode | string)[] => {
    if (child.type === 'text') return [child.data];
    return isTag(child) ? [toFormula(child)] : [];
  }),
});

function itemNumber(number: number, type: string | undefined): string {
  if (type?.toLowerCase() === 'a' && number >= 1 && number <= 26) {
    return String.fromCharCode((type === 'a' ? 96 : 64) + number);
  }
  return String(number);
}

function noticeMissing({ name, attribs }: Element, notice: NonNullable<HtmlOptions['notice']>): void {
  if (/^(?:iframe|object|embed|frame)$/.test(name) && attribs.src !== '') notice('part-not-read', name);
  if (name !== 'img') return;
  const isLarge =
    Number.parseInt(attribs.width ?? '', 10) >= largePixels && Number.parseInt(attribs.height ?? '', 10) >= largePixels;
  const isInside = attribs.src?.startsWith('data:image/') === true && attribs.src.length > largeBytes;
  if (isLarge || isInside) notice('picture-not-read', attribs.alt ?? '');
}
