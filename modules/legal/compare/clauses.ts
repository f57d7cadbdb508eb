import { endOfPiece, type PieceSize } from '../structure/cut.ts';
import { outlineOf, type Section } from '../structure/outline.ts';
import type { Span } from './contract.ts';
import { type Token, tokensOf } from './tokens.ts';

/** A clause with its own words only: those of the clauses inside it are clauses themselves. Clauses tile the text. */
export interface Clause extends Span {
  /** Number and title as one line; '' for what begins no unit. */
  label: string;
  tokens: Token[];
  /** How many of the tokens are its number. */
  numbering: number;
  /** Its words without the number, for finding the same clause elsewhere. */
  key: string;
}

/** Text that no unit divides is compared by its paragraphs. */
const largestClause = 3_000;
const pieces: PieceSize = { smallest: 200, target: 1_500, largest: largestClause };

/** The clauses of a text in its order, each with at least one word; what stands between them is white space. */
export function clausesOf(text: string): Clause[] {
  const labels = new Map<number, string>();
  const ends = new Set([text.length]);
  collect(outlineOf(text), labels, ends);
  const starts = [...new Set([0, ...labels.keys(), ...ends])].sort((a, b) => a - b);
  return starts
    .slice(0, -1)
    .flatMap((start, index) => divide(text, start, starts[index + 1] as number))
    .map((span) => toClause(text, span, labels.get(span.start) ?? ''))
    .filter(({ tokens }) => tokens.length > 0);
}

function collect(section: Section, labels: Map<number, string>, ends: Set<number>): void {
  for (const child of section.children) {
    labels.set(child.start, child.mark?.label ?? '');
    if (child.mark?.style === 'contents') ends.add(child.end);
    collect(child, labels, ends);
  }
}

function divide(text: string, start: number, end: number): Span[] {
  const spans: Span[] = [];
  for (let from = start; from < end; ) {
    const to = endOfPiece(text, from, end, pieces, []);
    spans.push({ start: from, end: to });
    from = to;
  }
  return spans;
}

/** «12.3», "Section 4", (b): a first word of a unit and the figure behind it. */
const numbering =
  /^\s*(?:(?:статья|глава|раздел|часть|пункт|параграф|приложение|article|section|chapter|part|clause|schedule|annex|exhibit)\s+)?(?:№\s*)?[([]?(?:\d{1,4}(?:\.\d{1,4})*|[ivxlc]{1,7}|[a-zа-яё])(?:[.)\]]|(?=\s))/iu;

function toClause(text: string, { start, end }: Span, label: string): Clause {
  const own = text.slice(start, end);
  const tokens = tokensOf(own, start);
  const number = label === '' ? undefined : numbering.exec(own)?.[0];
  const behind = start + (number?.length ?? 0);
  const count = number === undefined ? 0 : tokens.filter((token) => token.end <= behind).length;
  const words = tokens.slice(count === tokens.length ? 0 : count);
  const trimmed = { start: tokens[0]?.start ?? start, end: tokens.at(-1)?.end ?? end };
  return { ...trimmed, label, tokens, numbering: count, key: words.map(({ text: word }) => word).join(' ') };
}
