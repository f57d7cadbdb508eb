import { type Figure, figuresIn } from './figures.ts';
import type { Span, Word } from './span.ts';
import { withNumbers } from './written-numbers.ts';

/** A longer run of letters is no word; the rest of it is dropped, which bounds the work on hostile text. */
const longestWord = 64;

const piece = String.raw`[\p{L}\p{N}][\p{L}\p{N}\p{M}\p{Cf}]*`;
/** Joins 8.1, 12-ФЗ, ФЗ-152 and А40-17/2024, but neither купли-продажи nor и/или. */
const joint = String.raw`(?:(?<=\p{N})\.(?=\p{N})|(?<=\p{N})[-/‐‑–](?=[\p{L}\p{N}])|(?<=\p{L})[-/‐‑–](?=\p{N}))`;
/** A hyphen, visible or not, at the end of a line or page. */
const torn = String.raw`(?:[-‐‑]|(?<=\u00ad))[ \t]{0,4}\r?\n{1,2}[ \t]{0,20}(?=\p{L})`;
const word = new RegExp(`${piece}(?:${joint}${piece})*`, 'gu');
/** Slower, for texts that have such an end of a line. */
const wordOverLines = new RegExp(`${piece}(?:(?:${joint}|${torn})${piece})*`, 'gu');
/** From the first hyphen of several: a line of them must not be tried from each. */
const lineBreak = /(?<![-‐‑\u00ad])[-‐‑\u00ad]+[ \t]{0,4}\r?\n{1,2}[ \t]{0,20}/u;

/** The words and numbers of a text, in order, stop words included. */
export const words = (text: string): Generator<Word> => withNumbers(text, writtenWords(text));

function* writtenWords(text: string): Generator<Word> {
  const figures = figuresIn(text);
  let next = 0;
  for (const match of text.matchAll(lineBreak.test(text) ? wordOverLines : word)) {
    const start = match.index;
    for (let figure = figures[next]; figure && figure.start <= start; figure = figures[next]) {
      if (figure.end > start) break;
      next += 1;
      yield toWord(figure);
    }
    const figure = figures[next];
    if (figure && start >= figure.start && start < figure.end) continue;
    if (match[0].includes('\n')) yield* mend(match[0], start);
    else {
      const one = whole(match[0], start, text);
      if (one) yield one;
    }
  }
  for (const figure of figures.slice(next)) yield toWord(figure);
}

const toWord = ({ text, start, end, words: inside }: Figure): Word => ({
  ...{ text, start, end },
  ...(inside.length > 0 && { parts: inside.map(normalize) }),
});

function whole(raw: string, start: number, text: string): Word | undefined {
  const span = { start, end: start + raw.length };
  const raised = raisedNumber.exec(raw);
  if (raised === null) {
    const normal = normalize(raw);
    return normal === '' ? undefined : { text: normal, ...span };
  }
  // «Статья 15¹» is 15.1 and never 151; elsewhere a raised figure may as well name a footnote.
  const [, figure = '', sign = ''] = raised;
  const isUnit = unitBefore.test(text.slice(Math.max(0, start - 12), start));
  return { text: `${figure}.${sign.normalize('NFKC')}`, ...span, ...(!isUnit && { parts: [figure] }) };
}

const raisedNumber = /^(\d{1,3})([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})$/;
const unitBefore =
  /(?:стать\p{L}{1,3}|(?<!\p{L})ст\.?|глав\p{L}{1,2}|пункт\p{L}{0,3}|(?<!\p{L})(?:п|гл|ч)\.?|част\p{L}{1,2}|§|article|section)\s{0,3}$/iu;

/** A word that the ends of lines break, whole, and with its halves, as its hyphen may be one of its own («купли-⏎продажи»). */
function* mend(raw: string, start: number): Generator<Word> {
  const halves = raw.split(lineBreak);
  let at = 0;
  let open: { pieces: string[]; start: number; end: number } | undefined;
  for (const half of halves) {
    const from = start + raw.indexOf(half, at);
    at = from - start + half.length;
    const before = open?.pieces.at(-1);
    if (open && before !== undefined && isOneWord(before, half)) {
      open.pieces.push(half);
      open.end = from + half.length;
    } else {
      if (open) yield joined(open);
      open = { pieces: [half], start: from, end: from + half.length };
    }
  }
  if (open) yield joined(open);
}

/** A name behind a hyphen («ООО-⏎Ромашка») is a word of its own. */
const isOneWord = (before: string, half: string): boolean =>
  /^\p{Ll}/u.test(half) || /\d$/.test(before) || (/^\p{Lu}{2}/u.test(half) && /\p{Lu}{2}$/u.test(before));

function joined({ pieces, start, end }: { pieces: string[] } & Span): Word {
  const hyphen = /\d$/.test(pieces[0] ?? '') ? '-' : '';
  const text = normalize(pieces.join(hyphen));
  return { text, start, end, ...(pieces.length > 1 && { parts: pieces.map(normalize) }) };
}

/** Most words are these already; looking is a tenth of the work of changing. */
const plain = /^[a-zа-я]{1,64}$/;

function normalize(raw: string): string {
  const lower = raw.toLowerCase();
  if (plain.test(lower)) return lower;
  return raw
    .slice(0, 4 * longestWord)
    .replaceAll(/(?<=\d)[⁰¹²³⁴⁵⁶⁷⁸⁹]+/g, (raised) => `.${raised.normalize('NFKC')}`)
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replaceAll(/[‐‑–]/g, '-')
    .replaceAll(/[^\p{L}\p{N}./-]/gu, '')
    .slice(0, longestWord);
}
