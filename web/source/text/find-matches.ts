import type { Span } from '../place/fold.ts';

const MOST_MATCHES = 5_000;
const special = /[$()*+.?[\\\]^{|}]/g;

/** Where words stand in a text, letter case and the kind and amount of white space aside. */
export function findMatches(text: string, words: string): Span[] {
  const parts = words.trim().split(/\s+/u).filter(Boolean);
  if (parts.length === 0) return [];
  const pattern = new RegExp(parts.map((part) => part.replaceAll(special, '\\$&')).join('\\s+'), 'giu');
  const matches: Span[] = [];
  for (const { 0: found, index } of text.matchAll(pattern)) {
    matches.push({ start: index, end: index + found.length });
    if (matches.length === MOST_MATCHES) break;
  }
  return matches;
}
