import { type Span, stems, words } from '../text/index.ts';
import { type Query, searchedStems } from './query.ts';

const mostSpans = 60;
/** Words that only a space or a comma keeps apart are marked as one. */
const nearby = 2;

/**
 * Where a question's words stand in a text, and those wordings of its notions that the text holds whole. Spans count
 * from `offset`; in order, without overlap.
 */
export function highlights(text: string, offset: number, query: Query, stemsOf = createStemCache()): Span[] {
  const marked = new Set([...query.own].flatMap(([stem, weight]) => (weight === 1 ? [stem] : [])));
  const beginnings = new Set(Array.from(searchedStems(query), beginning));
  const held = new Set<string>();
  const found: { start: number; end: number; stems: readonly string[] }[] = [];
  for (const { text: word, start, end } of words(text)) {
    // Stems of one letter are rare; parts of designations begin within them.
    if (!beginnings.has(beginning(word)) && !beginnings.has(word.charAt(0)) && !/[-/%]/.test(word)) continue;
    const own = stemsOf(word);
    for (const stem of own) held.add(stem);
    found.push({ start, end, stems: own });
  }
  for (const wording of query.notions.flat()) {
    if (wording.every((stem) => held.has(stem))) for (const stem of wording) marked.add(stem);
  }
  const spans: Span[] = [];
  for (const { start, end, stems: own } of found) {
    if (!own.some((stem) => marked.has(stem))) continue;
    const last = spans.at(-1);
    if (last && start + offset - last.end <= nearby) last.end = end + offset;
    else if (spans.length < mostSpans) spans.push({ start: start + offset, end: end + offset });
    else break;
  }
  return spans;
}

/** What a word and its stem have in common, by which most words are passed over. */
const beginning = (word: string): string => word.slice(0, 2);

const mostKept = 20_000;

/** `stems` of single words, kept, as they repeat from passage to passage. */
export function createStemCache(): (word: string) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (word) => {
    const found = known.get(word) ?? stems(word);
    if (known.size >= mostKept) known.clear();
    known.set(word, found);
    return found;
  };
}
