import { deck } from './deck/cards.ts';
import type { ReadCard } from './deck/read-cards.ts';
import type { Spread } from './spreads.ts';

/** A whole number from `min` up to and without `max`, each as likely as the others; as `crypto.randomInt` of Node. */
export type RandomInt = (min: number, max: number) => number;

/**
 * Draws the cards of a spread: the first places of a shuffle by Fisher and Yates, so that no card comes twice and each order is as likely
 * as any other. Each card is reversed with a chance of one half, unless the bot lays none so.
 */
export function drawCards({ positions }: Spread, isReversible: boolean, randomInt: RandomInt): ReadCard[] {
  const ids = deck.map(({ id }) => id);
  return positions.map(({ isCrossing }, place) => {
    const taken = randomInt(place, ids.length);
    const card = ids[taken] as number;
    ids[taken] = ids[place] as number;
    return { card, isReversed: isReversible && !isCrossing && randomInt(0, 2) === 1 };
  });
}

/** Cards that a person named, as the spread and the bot lay them. */
export const layCards = ({ positions }: Spread, isReversible: boolean, cards: readonly ReadCard[]): ReadCard[] =>
  cards.map(({ card, isReversed }, place) => ({
    card,
    isReversed: isReversed && isReversible && !positions[place]?.isCrossing,
  }));
