import { Marked, type Tokens } from 'marked';
import { ParseFailure } from '../contract.ts';
import { isNestedDeeper } from '../html/depth.ts';
import { htmlToLines } from '../html/to-lines.ts';
import { decode } from '../read-text.ts';
import type { Reader } from '../reading.ts';

/*
 * Markdown as it is shown: made into a page, and that read like any other. What is not shown (marks, comments, front
 * matter, what is struck out) is no text; boxes of tasks, numbers of lists and notes are.
 */

/** Data about the file, not a rule and a paragraph: it begins with a name. */
const frontMatter =
  /^(?:---[ \t]*\n(?=[ \t]*(?:#|[\p{L}\w-]{1,60}[ \t]*:))([\s\S]*?)\n(?:---|\.\.\.)[ \t]*|\+\+\+[ \t]*\n([\s\S]*?)\n\+\+\+[ \t]*)(?:\n|$)/u;
const noteText = /^\[\^([^\]\s]{1,60})\]:[ \t]*(.*(?:\n(?:(?: {2,4}|\t).*|[ \t]*(?=\n(?: {2,4}|\t))))*)(?:\n|$)/;
const noteMark = /^\[\^([^\]\s]{1,60})\]/;
/** In angle brackets everything else is a gap for a name. */
const knownElements = new Set(
  'a abbr address article aside b blockquote body br button caption center cite code col colgroup dd del details dfn dialog div dl dt em fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 head header hr html i iframe img input ins kbd label legend li link main mark math menu meta nav noscript object ol optgroup option p picture pre q rp rt ruby s samp script section select small source span strike strong style sub summary sup svg table tbody td template textarea tfoot th thead time title tr tt u ul var video wbr'.split(
    ' ',
  ),
);
const isKnownElement = (source: string) =>
  knownElements.has(/^\s{0,3}<\/?([a-z][\w-]*)/i.exec(source)?.[1]?.toLowerCase() ?? 'p');
/** Deeper lists and quotations are no text that a person wrote. */
const deepest = 500;

export const readMarkdown: Reader = async (order, output) => {
  const text = decode(order)
    .replaceAll(/\r\n?/g, '\n')
    .replace(/^\ufeff/, '');
  const matter = frontMatter.exec(text);
  const body = matter ? text.slice(matter[0].length) : text;
  if (/^(?:[ \t]*(?:>|[-*+]|\d{1,9}[.)])){200}/m.test(body)) {
    throw new ParseFailure('damaged', 'Read Markdown: its lists are nested too deeply');
  }
  const html = toHtml(body);
  if (isNestedDeeper(html, deepest)) throw new ParseFailure('damaged', 'Read Markdown: it is nested too deeply');
  await output.page(
    htmlToLines(html, {
      characters: order.limits.characters,
      notice: (kind, detail) => output.notice({ kind, page: null, detail }),
    }),
  );
  return { hasPages: false, title: titleOf(matter?.[1] ?? matter?.[2]) ?? firstHeading(html) };
};

function toHtml(markdown: string): string {
  const notes = new Map<string, string>();
  const numbers = new Map<string, number>();
  const marked: Marked = new Marked({
    gfm: true,
    extensions: [
      {
        name: 'noteText',
        level: 'block',
        start: (source) => /^\[\^/m.exec(source)?.index,
        tokenizer(source) {
          const match = noteText.exec(source);
          if (!match) return undefined;
          const [raw, id = '', text = ''] = match;
          notes.set(id, text.replaceAll(/\n\s*/g, '\n').trim());
          return { type: 'noteText', raw };
        },
        renderer: () => '',
      },
      {
        name: 'noteMark',
        level: 'inline',
        start: (source) => source.indexOf('[^'),
        tokenizer(source) {
          const match = noteMark.exec(source);
          return match ? { type: 'noteMark', raw: match[0], id: match[1] } : undefined;
        },
        renderer({ id }): string {
          const text = notes.get(id);
          if (text === undefined) return `[^${id}]`;
          const number = numbers.get(id) ?? numbers.size + 1;
          const isFirst = !numbers.has(id);
          numbers.set(id, number);
          // A note in a note stays a mark, or two would never end.
          notes.delete(id);
          const shown = isFirst ? `<span data-note="${number}">${marked.parseInline(text)}</span>` : '';
          notes.set(id, text);
          return `[${number}]${shown}`;
        },
      },
    ],
    tokenizer: {
      // 2*3*4 is a product.
      emStrong: (source, _masked, before = '') => (/\d$/.test(before) && /^\*+\d/.test(source) ? undefined : false),
      // A single tilde means "about".
      del: (source) => (source.startsWith('~~') ? false : undefined),
      tag: (source) => (isKnownElement(source) ? false : undefined),
      html: (source) => (isKnownElement(source) ? false : undefined),
    },
    renderer: {
      list(token: Tokens.List) {
        const items = token.items.map((item) => this.listitem(item)).join('');
        if (!token.ordered) return `<ul>${items}</ul>`;
        const delimiter = /^\s*\d+\)/.test(token.raw) ? ')' : '.';
        return `<ol start="${token.start === '' ? 1 : token.start}" data-delimiter="${delimiter}">${items}</ol>`;
      },
      heading({ tokens, depth }: Tokens.Heading) {
        const text = this.parser.parseInline(tokens).replace(/\s*\{#[\w-]+\}\s*$/, '');
        return `<h${depth}>${text}</h${depth}>`;
      },
    },
  });
  return marked.parse(markdown, { async: false });
}

const titleOf = (matter: string | undefined) =>
  /^title[ \t]*[:=][ \t]*(["']?)(\S.{0,300})\1[ \t]*$/im
    .exec(matter?.slice(0, 20_000) ?? '')?.[2]
    ?.replace(/["']$/, '');

const firstHeading = (html: string) => {
  const heading = /<h1>([\s\S]{0,2000}?)<\/h1>/.exec(html)?.[1];
  return heading === undefined ? undefined : htmlToLines(heading).trim() || undefined;
};
