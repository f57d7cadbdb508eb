import type { Language } from '../../../../../platform/kernel/problem.ts';
import { cardOf, meaningOf } from '../deck/cards.ts';
import type { ReadCard } from '../deck/read-cards.ts';
import { suits } from '../deck/suits.ts';
import type { Layout } from './contract.ts';

const orientations = {
  en: { upright: 'upright', reversed: 'reversed' },
  ru: { upright: 'прямая', reversed: 'перевёрнутая' },
};

/** One place of a spread with its card, in words. */
export interface ShownCard {
  position: string;
  card: string;
  orientation: string;
  /** Of the suit, of cards that have one. */
  element?: string;
  meaning: string;
}

export const showCards = ({ spread, cards, language }: Layout): ShownCard[] =>
  cards.map(({ card: id, isReversed }, place) => {
    const card = cardOf(id);
    const suit = suits.find(({ name }) => name === card.suit);
    return {
      position: spread.positions[place]?.name[language] ?? '',
      card: card.names[language],
      orientation: orientations[language][isReversed ? 'reversed' : 'upright'],
      ...(suit && { element: suit.element[language] }),
      meaning: meaningOf(card, isReversed, language),
    };
  });

/** The name of a card with its orientation, when that is not the usual one. */
export function nameOf({ card, isReversed }: ReadCard, language: Language): string {
  const name = cardOf(card).names[language];
  return isReversed ? `${name} (${orientations[language].reversed})` : name;
}
