import { stems } from '../../text/index.ts';
import { bilingualTerms } from './bilingual-terms.ts';

/** A legal term of a question in the other language. */
export interface TranslatedTerm {
  /** The question's stems that make up the term. */
  covers: readonly string[];
  /** Its counterparts, each as its stems. */
  wordings: readonly (readonly string[])[];
}

interface Term {
  words: readonly string[];
  wordings: readonly (readonly string[])[];
}

let dictionary: Map<string, Term[]> | undefined;

/**
 * The legal terms among these stems, Russian or English, with their counterparts in the other language. A term of several words
 * is found when all of them are there; what it covers is not taken for a shorter term as well.
 */
export function translateTerms(questionStems: readonly string[]): TranslatedTerm[] {
  // Not at import: stemming the terms would take a part of a function's start.
  dictionary ??= readTerms();
  const asked = new Set(questionStems);
  const found = [...asked]
    .flatMap((stem) => dictionary?.get(stem) ?? [])
    .filter(({ words }) => words.every((word) => asked.has(word)))
    .sort((a, b) => b.words.length - a.words.length);
  const covered = new Map<string, number>();
  const taken: Term[] = [];
  for (const term of found) {
    const { length } = term.words;
    // One word of several notions keeps them all: only a longer term takes its words away.
    if (term.words.some((word) => (covered.get(word) ?? 0) > length)) continue;
    for (const word of term.words) covered.set(word, length);
    taken.push(term);
  }
  return taken.map(({ words, wordings }) => ({ covers: words, wordings }));
}

/** Terms by their first stem. */
function readTerms(): Map<string, Term[]> {
  const byFirst = new Map<string, Term[]>();
  const add = (words: readonly string[], wordings: Term['wordings']) => {
    const [first] = words;
    if (first === undefined) return;
    const known = byFirst.get(first);
    if (known) known.push({ words, wordings });
    else byFirst.set(first, [{ words, wordings }]);
  };
  for (const line of bilingualTerms.trim().split('\n')) {
    const [russian = [], english = []] = line.split('=').map(termsOf);
    for (const words of russian) add(words, english);
    for (const words of english) add(words, russian);
  }
  return byFirst;
}

const termsOf = (list: string): string[][] =>
  list
    .split(';')
    .map((term) => [...new Set(stems(term))])
    .filter((words) => words.length > 0);
