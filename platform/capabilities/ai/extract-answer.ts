import type { NumberedPassage } from './contract.ts';
import type { Question } from './question.ts';
import { rankSentences } from './rank-sentences.ts';
import { leastSupport, scoreSupport } from './score-support.ts';

export interface Quotation {
  /** Number of the passage. */
  passage: number;
  text: string;
}

/** A further sentence must score this share of the best one's score. */
const closeToBest = 0.6;
const mostQuotations = 3;

/**
 * The sentences of the passages that best support an answer, best first, at most three, word for word; none when the
 * passages hardly support one, see `scoreSupport`.
 */
export function extractAnswer(question: Question, passages: readonly NumberedPassage[]): Quotation[] {
  const ranked = rankSentences(question, passages);
  const [best] = ranked;
  if (!best || scoreSupport(question, ranked, passages) < leastSupport) return [];
  const chosen = new Map<string, Quotation>();
  for (const { text, passage, score } of ranked) {
    if (chosen.size === mostQuotations || score < best.score * closeToBest) break;
    if (!chosen.has(text)) chosen.set(text, { passage: passage.number, text });
  }
  return [...chosen.values()];
}
