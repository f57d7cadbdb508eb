import type { Language } from '../../../../../platform/kernel/problem.ts';
import { type Major, majors } from './majors.ts';
import { meaningsEn } from './meanings-en.ts';
import { meaningsRu } from './meanings-ru.ts';
import { ranks } from './ranks.ts';
import { type Suit, suits } from './suits.ts';

/** One of the 78 cards, numbered as in the deck of Rider, Waite and Smith. */
export interface Card {
  /** From 0 to 77: the major arcana by their numbers, then wands, cups, swords and pentacles from the ace to the king. */
  id: number;
  arcana: 'major' | 'minor';
  /** From 0 to 21 of the major arcana, else from 1 (ace) to 14 (king). */
  number: number;
  suit?: Suit['name'];
  /** As readings call it. */
  names: Record<Language, string>;
  /** Other names, among them those with other names of its suit. */
  aliases: readonly string[];
}

const fromMajor = ({ number, names, aliases }: Major): Card => ({
  ...{ id: number, arcana: 'major', number, names, aliases },
});

const fromSuit = (suit: Suit, index: number): Card[] =>
  ranks.map((rank) => {
    const [en, ...othersEn] = suit.en;
    const [ru, ...othersRu] = suit.ru;
    const english = [rank.en, ...rank.aliasesEn].flatMap((one) => [en, ...othersEn].map((of) => `${one} of ${of}`));
    const russian = [rank.ru, ...rank.aliasesRu].flatMap((one) => [ru, ...othersRu].map((of) => `${one} ${of}`));
    return {
      ...{ id: majors.length + index * ranks.length + rank.number - 1, arcana: 'minor', number: rank.number },
      ...{ suit: suit.name, names: { en: `${rank.en} of ${en}`, ru: `${rank.ru} ${ru}` } },
      aliases: [...english.slice(1), ...russian.slice(1)],
    };
  });

/** All cards, in the order of their ids. */
export const deck: readonly Card[] = [...majors.map(fromMajor), ...suits.flatMap(fromSuit)];

/** @throws Error for a number that no card has */
export function cardOf(id: number): Card {
  const card = deck[id];
  if (!card) throw new Error(`Read card ${id}: there is none`);
  return card;
}

const meanings: Record<Language, typeof meaningsEn> = { en: meaningsEn, ru: meaningsRu };

/** What a card says by itself, without a question. */
export function meaningOf({ id }: Card, isReversed: boolean, language: Language): string {
  const [upright, reversed] = meanings[language][id] as (typeof meaningsEn)[number];
  return isReversed ? reversed : upright;
}
