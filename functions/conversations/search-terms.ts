import { stems } from '../../modules/legal/text/index.ts';

/** Words of a search; more are left out. */
const MOST_TERMS = 8;
/** Letters of words that are taken whole. */
const SHORT = 3;

/**
 * What of each word of a search texts must hold, in lower case with `е` for `ё`: what its forms have in common, so that `договора` finds
 * `договор`, and the whole of what is not a word.
 */
export function searchTerms(text: string): string[] {
  const words = text
    .toLowerCase()
    .replaceAll('ё', 'е')
    .split(/[\s"«»„“”()]+/u);
  return words.filter(Boolean).slice(0, MOST_TERMS).map(commonPart);
}

function commonPart(word: string): string {
  if (word.length <= SHORT || !/^\p{L}+$/u.test(word)) return word;
  let [stem = word] = stems(word);
  // Stems of English end in a letter of their own: `company` and `companies` are `compani`.
  if (stem.endsWith('i')) stem = stem.slice(0, -1);
  while (!word.startsWith(stem)) stem = stem.slice(0, -1);
  return stem || word;
}

const BEFORE = 60;
const AFTER = 140;

/** The part of a text around the first of the terms that is in it, on one line. */
export function excerptOf(text: string, terms: readonly string[]): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  const folded = line.toLowerCase().replaceAll('ё', 'е');
  const at = Math.max(
    0,
    Math.min(...terms.map((term) => folded.indexOf(term)).filter((index) => index >= 0), line.length),
  );
  const from = at <= BEFORE || at === line.length ? 0 : line.lastIndexOf(' ', at - BEFORE) + 1 || at - BEFORE;
  const part = line.slice(from, from + BEFORE + AFTER).toWellFormed();
  return `${from > 0 ? '…' : ''}${part}${from + part.length < line.length ? '…' : ''}`;
}
