import { findCards, normalizeWords } from '../deck/find-cards.ts';
import type { Layout } from './contract.ts';
import { repeatsRules } from './prompt.ts';

/** A text of a model may be cut off; its last sentence is then left out. */
const SENTENCE_END = /[.!?…»"”)]\s*$/u;

/**
 * The answer of a model as it is shown: without markup.
 * @param isCut it reached its most tokens
 * @returns undefined when it does not name all of the cards, or tells what only the model was told
 */
export function readAnswer(text: string, { cards }: Pick<Layout, 'cards'>, isCut: boolean): string | undefined {
  const plain = text
    .replace(/^\s{0,3}#{1,6}\s+/gm, '')
    .replace(/^(\s*)[*+]\s+/gm, '$1• ')
    .replace(/\*\*|__|`{1,3}/g, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
  const answer = isCut && !SENTENCE_END.test(plain) ? withoutLastSentence(plain) : plain;
  const named = new Set(findCards(normalizeWords(answer)).map(({ card }) => card));
  return cards.every(({ card }) => named.has(card)) && !repeatsRules(answer) ? answer : undefined;
}

function withoutLastSentence(text: string): string {
  const end = Math.max(...['. ', '! ', '? ', '… ', '.\n', '!\n', '?\n'].map((mark) => text.lastIndexOf(mark)));
  return end < 0 ? text : text.slice(0, end + 1);
}
