import { isAsking } from '../../question/index.ts';
import { legalThesaurus, nearestWord, stems, translateTerms, words } from '../../text/index.ts';
import type { NumberedPassage } from '../contract.ts';
import type { Asked } from './asked.ts';
import { isThere, readConcepts, stemSet } from './concepts.ts';
import { matchStrength } from './match-stems.ts';

/**
 * The question with misspelt words as the passages have them. A word is misspelt when no passage has it in any wording, no
 * dictionary knows it, it is no name, and a word of the passages is a typing error or two away.
 */
export function mendTypos(question: Asked, passages: readonly NumberedPassage[]): Asked {
  const unknown = question.concepts.filter(({ stem }) => question.spelt.has(stem) && !isKnown(stem));
  if (unknown.length === 0) return question;
  // Each word once: most of a text are the same ones again.
  const texts = passages.map(({ title, heading = '', text }) => `${title}\n${heading}\n${text}`);
  const vocabulary = new Set(texts.flatMap((text) => Array.from(words(text), (word) => word.text)));
  const held = stemSet([...vocabulary].join(' '));
  const suspects = unknown.filter(
    ({ stem, wordings }) =>
      matchStrength(stem, held) === 0 && !wordings.some((wording) => isThere(wording.stems, held)),
  );
  if (suspects.length === 0) return question;
  const mended = new Map(
    suspects.map(({ stem }) => [stem, nearestWord(question.spelt.get(stem) as string, vocabulary)]),
  );
  const concepts = question.concepts.flatMap((concept) => {
    const [stem] = stems(mended.get(concept.stem) ?? '');
    if (mended.get(concept.stem) === undefined) return [concept];
    // What was misspelt may be a word that only asks.
    if (stem === undefined || isAsking(stem)) return [];
    return readConcepts([stem]).map((one) => ({ ...one, importance: Math.min(one.importance, concept.importance) }));
  });
  return concepts.length === 0 ? question : { ...question, concepts };
}

const isKnown = (stem: string): boolean =>
  isAsking(stem) || legalThesaurus().isTerm(stem) || translateTerms([stem]).length > 0;
