import { diffArrays } from 'diff';
import { normalizeText } from '../../normalize-text.ts';
import { foldScripts } from '../fonts/mend-scripts.ts';
import type { SeenWord } from './seen-words.ts';

/*
 * Where recognized words stand in the text of their page. On the way into it lines that the text layer has are left out,
 * rows of tables are put in order and name their columns, and letters change their alphabet. Both sides are compared as
 * sequences of words, from the beginning and from the end: of words that occur several times, only those count that both
 * ways pair alike, in a stretch that is long enough to be no coincidence. Words that occur once on both sides need no
 * stretch around them. All others have no place, for a wrong one would mark the wrong words of a contract.
 */

/** Pages of newspapers have fewer; more are noise, or made to take long. */
const mostWords = 4_000;
/** Insertions and deletions between both sides; beyond it they have little in common. */
const mostEdits = 2_000;
/** In letters and digits. */
const leastStretch = 8;
const leastUnique = 3;

interface Token {
  key: string;
  start: number;
  end: number;
}

/**
 * Six numbers for each word whose place is certain, in the order of the text: start, end, left, top, width, height.
 * @param text of the page, normalized
 */
export function placeWords(text: string, seen: readonly SeenWord[]): number[] {
  const tokens = [...text.matchAll(/\S+/gu)].map(({ 0: word, index }) => toToken(word, index));
  if (seen.length > mostWords || tokens.length > mostWords * 2) return [];
  const words = seen.map(({ text: word }) => toToken(normalizeText(word), 0).key);
  const keys = tokens.map(({ key }) => key);
  const pairs = certainPairs(words, keys);
  return [...pairs]
    .sort(([, a], [, b]) => a - b)
    .flatMap(([word, token]) => {
      const { start, end } = tokens[token] as Token;
      return [start, end, ...(seen[word] as SeenWord).box];
    });
}

/** A word without the signs around it, unless it has nothing else, in letters of one alphabet. */
function toToken(word: string, at: number): Token {
  const core = /[\p{L}\p{N}](?:.*[\p{L}\p{N}])?/u.exec(word);
  if (!core) return { key: word, start: at, end: at + word.length };
  const start = at + core.index;
  return { key: foldScripts(core[0]), start, end: start + core[0].length };
}

/** Numbers of words to those of tokens. */
function certainPairs(words: readonly string[], tokens: readonly string[]): Map<number, number> {
  const forward = pairsOf(words, tokens);
  const backward = pairsOf(words.toReversed(), tokens.toReversed());
  const same = new Map(
    [...forward].filter(([word, token]) => backward.get(words.length - 1 - word) === tokens.length - 1 - token),
  );
  const uniqueWords = uniqueIn(words);
  const uniqueTokens = uniqueIn(tokens);
  const isUnique = (key: string) => uniqueWords.has(key) && uniqueTokens.has(key);
  const pairs = new Map<number, number>();
  for (const stretch of stretchesOf(same)) {
    const letters = stretch.reduce((sum, [word]) => sum + (words[word] as string).length, 0);
    const isAnchored = stretch.some(([word]) => isUnique(words[word] as string));
    if (letters >= leastStretch || isAnchored) for (const [word, token] of stretch) pairs.set(word, token);
  }
  for (const [key, word] of uniqueWords) {
    const token = uniqueTokens.get(key);
    if (token !== undefined && key.length >= leastUnique && !pairs.has(word)) pairs.set(word, token);
  }
  return pairs;
}

function pairsOf(words: readonly string[], tokens: readonly string[]): Map<number, number> {
  const pairs = new Map<number, number>();
  let [word, token] = [0, 0];
  for (const { added, removed, count } of diffArrays([...words], [...tokens], { maxEditLength: mostEdits }) ?? []) {
    if (!added && !removed) for (let each = 0; each < count; each += 1) pairs.set(word + each, token + each);
    if (!added) word += count;
    if (!removed) token += count;
  }
  return pairs;
}

/** Pairs that follow each other on both sides. */
function stretchesOf(pairs: ReadonlyMap<number, number>): [number, number][][] {
  const stretches: [number, number][][] = [];
  for (const pair of [...pairs].sort(([a], [b]) => a - b)) {
    const last = stretches.at(-1)?.at(-1);
    if (last && pair[0] === last[0] + 1 && pair[1] === last[1] + 1) stretches.at(-1)?.push(pair);
    else stretches.push([pair]);
  }
  return stretches;
}

/** Keys that occur once, with where. */
function uniqueIn(keys: readonly string[]): Map<string, number> {
  const first = new Map<string, number>();
  const repeated = new Set<string>();
  for (const [index, key] of keys.entries()) {
    if (first.has(key)) repeated.add(key);
    first.set(key, index);
  }
  for (const key of repeated) first.delete(key);
  return first;
}
