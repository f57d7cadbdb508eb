import { compile, type FormatCallback, type HtmlToTextOptions } from 'html-to-text';

type Node = Parameters<FormatCallback>[0];

const blocks = new Set([
  'p',
  'div',
  'ul',
  'ol',
  'table',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'blockquote',
  'pre',
  'dl',
]);
const elements = (node: Node | null): Node[] => (node?.children ?? []).filter((child: Node) => child.type === 'tag');

/** A cell of data rather than of layout: at most one paragraph, so that its row fits one line. */
const isPlainCell = (cell: Node) => {
  const inner = elements(cell).filter((child) => blocks.has(child.name ?? ''));
  return inner.length <= 1 && inner.every((child) => child.name === 'p');
};

/** A row of data becomes one line, its cells parted by a bar; a row of layout becomes its cells' paragraphs. */
function createTableFormatters(): Record<string, FormatCallback> {
  // Asked again by each paragraph of a row, so answered once.
  const plainRows = new WeakMap<object, boolean>();
  const isPlainRow = (row: Node) => {
    const plain = plainRows.get(row) ?? elements(row).every(isPlainCell);
    plainRows.set(row, plain);
    return plain;
  };
  return {
    tableRow(row, walk, builder) {
      builder.openBlock({ leadingLineBreaks: 1 });
      const plain = isPlainRow(row);
      for (const [index, cell] of elements(row).entries()) {
        if (plain && index > 0) builder.addInline(' | ');
        if (!plain) builder.openBlock({ leadingLineBreaks: 1 });
        walk(cell.children, builder);
        if (!plain) builder.closeBlock({ trailingLineBreaks: 1 });
      }
      builder.closeBlock({ trailingLineBreaks: 1 });
    },
    cellParagraph(paragraph, walk, builder) {
      const row = paragraph.parent?.parent;
      const inline = row != null && isPlainRow(row);
      if (!inline) builder.openBlock({ leadingLineBreaks: 1 });
      walk(paragraph.children, builder);
      if (!inline) builder.closeBlock({ trailingLineBreaks: 1 });
    },
  };
}

const headings = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({
  selector,
  format: 'heading',
  options: { uppercase: false, leadingLineBreaks: 2, trailingLineBreaks: 2 },
}));
const skipped = ['title', 'template', 'iframe', 'object', 'svg', 'img', 'noscript', 'del', '[hidden]'];

const options: HtmlToTextOptions = {
  // The whole document: where <head> is never closed, <body> lies inside it.
  baseElements: { selectors: [] },
  wordwrap: false,
  // Length is capped before; the library would cut without a word.
  limits: { maxInputLength: undefined },
  selectors: [
    ...headings,
    ...skipped.map((selector) => ({ selector, format: 'skip' })),
    { selector: 'a', options: { ignoreHref: true } },
    { selector: 'hr', format: 'block' },
    { selector: 'section', format: 'block' },
    { selector: 'li', format: 'block', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
    { selector: 'dt', format: 'block', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
    { selector: 'dd', format: 'block', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
    { selector: 'ul', options: { itemPrefix: '- ' } },
    { selector: 'tr', format: 'tableRow' },
    { selector: 'td > p', format: 'cellParagraph' },
    { selector: 'th > p', format: 'cellParagraph' },
  ],
};

/**
 * What a reader of the page sees, as lines in reading order: headings, paragraphs, numbered and bulleted lists, table
 * rows; no scripts, styles, hidden or deleted parts, no addresses of links. Nothing is fetched.
 * Recursive: very deep nesting throws a RangeError.
 */
export function createHtmlToLines(): (html: string) => string {
  return compile({ ...options, formatters: createTableFormatters() });
}

/** The content of `<title>`, undefined when there is none. */
export function htmlTitle(html: string): string | undefined {
  const toTitle = compile({
    baseElements: { selectors: ['title'], returnDomByDefault: false },
    limits: { maxBaseElements: 1 },
    selectors: [{ selector: 'title', format: 'inline' }],
    wordwrap: false,
  });
  return toTitle(html.slice(0, 64 * 1024)) || undefined;
}
