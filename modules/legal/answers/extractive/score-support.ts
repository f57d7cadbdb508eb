import { isFigureStem, isSameReference, referencesIn } from '../../text/index.ts';
import type { NumberedPassage } from '../contract.ts';
import type { Asked } from './asked.ts';
import { isAbout, type RankedSentence } from './rank-sentences.ts';

/** Below this the local provider says that the documents hold no answer. Where it comes from: `docs/retrieval.md`. */
export const leastSupport = 0.35;

/** Fitted to questions with and without an answer, half of them held back; see `docs/retrieval.md`. */
const bias = -3.3;
const perCoverage = 1.5;
const perEvidence = 1.37;

/** Share of the weight of a question's words that must be there besides its figures. */
const leastOfWords = 0.25;

/**
 * How likely it is that the passages answer the question, from 0 to 1, judged without a model. Counts how much of the
 * question's weight stands together in one place (`coverage`), and how much evidence that is in all: many rare words found
 * together are worth more than the one word of a short question (`score`, as its logarithm). An article, section
 * or clause that is asked for by number makes it 1 when it is among the passages, and 0 when none as much as mentions it.
 */
export function scoreSupport(
  { references, concepts }: Asked,
  ranked: readonly RankedSentence[],
  passages: readonly NumberedPassage[],
): number {
  const [best] = ranked;
  if (best === undefined) return 0;
  if (references.length > 0) {
    if (references.some((asked) => passages.some((passage) => isAbout(passage, asked)))) return 1;
    const mentioned = passages.flatMap(({ text }) => referencesIn(text));
    if (!references.some((asked) => mentioned.some((one) => isSameReference(asked, one)))) return 0;
  }
  // A number or a day that stands in an unrelated text as well supports nothing by itself.
  const hasFigure = concepts.some(({ stem }) => isFigureStem(stem));
  if (hasFigure && best.wordCoverage < leastOfWords) return 0;
  const coverage = ranked.reduce((most, sentence) => Math.max(most, Math.min(1, sentence.coverage)), 0);
  return 1 / (1 + Math.exp(-(bias + perCoverage * coverage + perEvidence * Math.log(1 + best.score))));
}
