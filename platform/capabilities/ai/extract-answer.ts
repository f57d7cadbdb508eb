import type { NumberedPassage } from './contract.ts';
import { readQuestion } from './question.ts';
import { rankSentences } from './rank-sentences.ts';

export interface Quotation {
  /** Number of the passage. */
  passage: number;
  text: string;
}

/** Share of the question's weight that a passage must hold to be quoted. */
const leastSupport = 0.4;
/** A further sentence must score this share of the best one's score. */
const closeToBest = 0.6;
const mostQuotations = 3;

/**
 * The sentences of the passages that best support an answer, best first, at most three, word for word; none when the
 * words that carry the question are in no passage.
 */
export function extractAnswer(question: string, passages: readonly NumberedPassage[]): Quotation[] {
  const ranked = rankSentences(readQuestion(question), passages);
  const [best] = ranked;
  if (!best || best.support < leastSupport) return [];
  const chosen = new Map<string, Quotation>();
  for (const { text, passage, score, support } of ranked) {
    if (chosen.size === mostQuotations || score < best.score * closeToBest) break;
    if (support >= leastSupport && !chosen.has(text)) chosen.set(text, { passage: passage.number, text });
  }
  return [...chosen.values()];
}
