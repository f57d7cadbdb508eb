export interface Word {
  /** NFKC, lower case, ё as е, without accents, soft hyphens and other invisible characters. */
  text: string;
  /** Span in the given text, in UTF-16 code units. */
  start: number;
  end: number;
}

/** A longer run of letters is no word; the rest of it is dropped, which bounds the work on hostile text. */
const longestWord = 64;

const piece = String.raw`[\p{L}\p{N}][\p{L}\p{N}\p{M}\p{Cf}]*`;
/** Joins 8.1, 12-ФЗ, ФЗ-152 and А40-17/2024, but neither купли-продажи nor и/или. */
const joint = String.raw`(?:(?<=\p{N})\.(?=\p{N})|(?<=\p{N})[-/‐‑–](?=[\p{L}\p{N}])|(?<=\p{L})[-/‐‑–](?=\p{N}))`;
const word = new RegExp(`${piece}(?:${joint}${piece})*`, 'gu');

/** The words and numbers of a text, in order, stop words included. */
export function* words(text: string): Generator<Word> {
  for (const match of text.matchAll(word)) {
    const normal = normalize(match[0]);
    if (normal !== '') yield { text: normal, start: match.index, end: match.index + match[0].length };
  }
}

/** Most words are these already; looking is a tenth of the work of changing. */
const plain = /^[a-zа-я]{1,64}$/;

function normalize(raw: string): string {
  const lower = raw.toLowerCase();
  if (plain.test(lower)) return lower;
  return raw
    .slice(0, 4 * longestWord)
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replaceAll(/[‐‑–]/g, '-')
    .replaceAll(/[^\p{L}\p{N}./-]/gu, '')
    .slice(0, longestWord);
}
