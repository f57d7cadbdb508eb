import { isFigureStem } from '../../text/index.ts';
import type { NumberedPassage } from '../contract.ts';
import type { Asked } from './asked.ts';
import { matchStrength } from './match-stems.ts';
import { mendTypos } from './mend-typos.ts';
import { type RankedSentence, rankSentences } from './rank-sentences.ts';
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
export function extractAnswer(asking: Asked, passages: readonly NumberedPassage[]): Quotation[] {
  const question = mendTypos(asking, passages);
  const hasAll = ({ stems }: RankedSentence, wanted: readonly string[]) =>
    wanted.every((stem) => matchStrength(stem, stems) > 0);
  // Of a table another row than the one in question says something that looks right and is wrong.
  const ranked = rankSentences(question, passages).filter((one) => !one.isRow || hasAll(one, question.selectors));
  const [best] = ranked;
  if (!best || scoreSupport(question, ranked, passages) < leastSupport) return [];
  const chosen = new Map<string, Quotation>();
  const asked = question.concepts.map(({ stem }) => stem);
  const held = asked.filter((stem) => matchStrength(stem, best.stems) > 0);
  const wanted = best.isRow ? held : held.filter(isFigureStem);
  for (const one of ranked) {
    const { text, passage, score } = one;
    if (chosen.size === mostQuotations || score < best.score * closeToBest) break;
    if (!chosen.has(text) && hasAll(one, wanted)) chosen.set(text, { passage: passage.number, text });
  }
  return [...chosen.values()];
}
