import { describe, expect, it } from 'vitest';
import { dailySpread, spreads } from '../spreads.ts';
import { cardOf, deck, meaningOf } from './cards.ts';
import { findCards, normalizeWords } from './find-cards.ts';

describe('the deck', () => {
  it('has 78 cards, numbered as Waite did', () => {
    expect(deck.map(({ id }) => id)).toEqual(Array.from({ length: 78 }, (_, id) => id));
    expect(deck.filter(({ arcana }) => arcana === 'major')).toHaveLength(22);
    expect(cardOf(8).names).toEqual({ en: 'Strength', ru: 'Сила' });
    expect(cardOf(11).names).toEqual({ en: 'Justice', ru: 'Справедливость' });
    expect(cardOf(22)).toMatchObject({ suit: 'wands', number: 1, names: { en: 'Ace of Wands', ru: 'Туз Жезлов' } });
    expect(cardOf(77)).toMatchObject({ suit: 'pentacles', number: 14, names: { ru: 'Король Пентаклей' } });
  });

  it('has no name twice', () => {
    const names = deck.flatMap(({ names: { en, ru }, aliases }) => [en, ru, ...aliases]);
    expect(new Set(names.map(normalizeWords)).size).toBe(names.length);
  });

  it('finds each card by each of its names', () => {
    for (const { id, names, aliases } of deck) {
      for (const name of [names.en, names.ru, ...aliases]) {
        expect(
          findCards(normalizeWords(name)).map(({ card }) => card),
          name,
        ).toEqual([id]);
      }
    }
  });

  it('has a meaning for each card, upright and reversed, in both languages, and no sentence twice', () => {
    const all = deck.flatMap((card) =>
      [false, true].flatMap((isReversed) => [meaningOf(card, isReversed, 'en'), meaningOf(card, isReversed, 'ru')]),
    );
    expect(all).toHaveLength(312);
    expect(new Set(all).size).toBe(312);
    for (const one of all) expect(one).toMatch(/^\p{Lu}.{10,120}\.$/u);
  });
});

describe('spreads', () => {
  it('have one, three, five, seven and ten places', () => {
    expect([dailySpread, ...spreads].map(({ positions }) => positions.length)).toEqual([1, 1, 3, 3, 5, 7, 7, 10]);
  });
});
