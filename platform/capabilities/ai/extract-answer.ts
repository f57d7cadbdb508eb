import type { NumberedPassage } from './contract.ts';
import { readQuestion } from './question.ts';
import { type RankedSentence, rankSentences } from './rank-sentences.ts';

export interface Quotation {
  /** Number of the passage. */
  passage: number;
  text: string;
}

/** Share of the question's weight that a passage must hold to be quoted. */
const leastSupport = 0.45;
/** A further sentence must score this share of the best one's score. */
const closeToBest = 0.7;
const mostQuotations = 3;

/**
 * The sentences of the passages that best support an answer, at most three, word for word; none when the words that
 * carry the question are in no passage.
 */
export function extractAnswer(question: string, passages: readonly NumberedPassage[]): Quotation[] {
  const ranked = rankSentences(readQuestion(question), passages);
  const [best] = ranked;
  if (!best || best.support < leastSupport) return [];
  const chosen = [best];
  const found = new Set(best.found);
  for (const sentence of ranked.slice(1)) {
    if (chosen.length === mostQuotations || sentence.score < best.score * closeToBest) break;
    const isNew = !chosen.some((other) => other.text === sentence.text);
    const adds = [...sentence.found].some((stem) => !found.has(stem)) || isNextTo(sentence, best);
    if (!isNew || !adds || sentence.support < leastSupport) continue;
    chosen.push(sentence);
    for (const stem of sentence.found) found.add(stem);
  }
  return chosen.map(({ passage, text }) => ({ passage: passage.number, text }));
}

const isNextTo = (a: RankedSentence, b: RankedSentence) =>
  a.passage === b.passage && Math.abs(a.position - b.position) === 1;
