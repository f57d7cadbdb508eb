import type { Span } from '../text/index.ts';
import { type Query, searchedStems } from './query.ts';
import { beginningOf, firstLetterOf, type KnownWord, type TextWords } from './read-words.ts';

const mostSpans = 60;
/** Words that only a space or a comma keeps apart are marked as one. */
const nearby = 2;

/**
 * Marks where a question's words stand in a text, and those wordings of its notions that the text holds whole. Spans count
 * from `offset`; in order, without overlap.
 */
export function createHighlighter(query: Query): (text: TextWords, offset: number) => Span[] {
  const own = [...query.own].flatMap(([stem, weight]) => (weight === 1 ? [stem] : []));
  const beginnings = new Set(Array.from(searchedStems(query), beginningOf));
  const wordings = query.notions.flat();
  // Stems of one letter are rare.
  const mayBeAsked = ({ beginning, isDesignation }: KnownWord) =>
    beginnings.has(beginning) || beginnings.has(firstLetterOf(beginning)) || isDesignation;

  return ({ words, starts, ends }, offset) => {
    const places: number[] = [];
    const held = new Set<string>();
    for (const [place, word] of words.entries()) {
      if (!mayBeAsked(word)) continue;
      places.push(place);
      for (const stem of word.stems) held.add(stem);
    }
    const marked = new Set(own);
    for (const wording of wordings) {
      if (wording.every((stem) => held.has(stem))) for (const stem of wording) marked.add(stem);
    }
    const spans: Span[] = [];
    for (const place of places) {
      if (!(words[place] as KnownWord).stems.some((stem) => marked.has(stem))) continue;
      const [start, end] = [(starts[place] as number) + offset, (ends[place] as number) + offset];
      const last = spans.at(-1);
      if (last && start - last.end <= nearby) last.end = end;
      else if (spans.length < mostSpans) spans.push({ start, end });
      else break;
    }
    return spans;
  };
}
