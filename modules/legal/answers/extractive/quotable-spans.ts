import { type Span, sentences } from '../../text/index.ts';
import { cellBar, isNextRow } from './rows-and-parts.ts';

/** Rows of tables are quoted whole up to here. */
const longestRow = 1400;
/** Longest piece of text that is quoted as one, rows of tables aside. */
export const longestQuote = 400;

/**
 * The pieces of a text that can stand alone as a quotation: its sentences. One that a file's line breaks tore apart is
 * put together again; one longer than {@link longestQuote} is cut, at the end of a clause where there is one.
 */
export function quotableSpans(text: string): Span[] {
  const whole: Span[] = [];
  for (const span of sentences(text)) {
    const last = whole.at(-1);
    if (last && isTorn(text, last, span)) last.end = span.end;
    else whole.push({ ...span });
  }
  return whole.flatMap((span) => [...cut(text, span)]);
}

/** A line that stops in mid-sentence, and continues in the next line with a small letter or a number. */
function isTorn(text: string, left: Span, right: Span): boolean {
  const gap = text.slice(left.end, right.start);
  if (!gap.includes('\n') || /\n\s*\n/.test(gap) || isRowBorder(text, left, right)) return false;
  return (
    /[^.;:!?…»"”)\s]$/u.test(text.slice(left.start, left.end)) &&
    /^[("«“]?[\p{Ll}\d]/u.test(text.slice(right.start, right.start + 2))
  );
}

/** Rows of a table stay apart. */
function isRowBorder(text: string, left: Span, right: Span): boolean {
  const above = text.slice(Math.max(left.start, text.lastIndexOf('\n', left.end - 1) + 1), left.end);
  const below = text.slice(right.start, right.end);
  return cellBar.test(above) || cellBar.test(below.split('\n', 1)[0] ?? '') || isNextRow(above, below);
}

function* cut(text: string, { start, end }: Span): Generator<Span> {
  let from = start;
  // A row of a table is quoted whole, or it says something else.
  const isRow = cellBar.test(text.slice(start, end)) && end - start <= longestRow;
  while (!isRow && end - from > longestQuote) {
    const window = text.slice(from, from + longestQuote);
    const clause = [...window.matchAll(/[;:,](?=\s)/g)].at(-1)?.index ?? 0;
    const space = window.search(/\s\S*$/);
    const at = clause > longestQuote / 2 ? clause + 1 : space > 0 ? space : wholeCharacter(window);
    yield { start: from, end: from + window.slice(0, at).trimEnd().length };
    from += at;
    while (from < end && /\s/.test(text[from] ?? '')) from += 1;
  }
  if (from < end) yield { start: from, end };
}

/** Length of the window without half a surrogate pair at its end. */
function wholeCharacter(window: string): number {
  const code = window.charCodeAt(window.length - 1);
  return code >= 0xd800 && code < 0xdc00 ? window.length - 1 : window.length;
}
