import { describe, expect, it } from 'vitest';
import { cardOf } from './cards.ts';
import { type CardsRead, readCards } from './read-cards.ts';

/** The English names of what was read, with `-` before those that are reversed. */
function read(text: string, count = 1) {
  const result = readCards(text, count);
  if (result.kind !== 'cards') return result;
  return result.cards.map(({ card, isReversed }) => `${isReversed ? '-' : ''}${cardOf(card).names.en}`).join(', ');
}

const nearest = (text: string) => (readCards(text, 1) as Extract<CardsRead, { kind: 'unknown' }>).nearest;

describe('cards that a person names', () => {
  it.each([
    ['туз чаш', 'Ace of Cups'],
    ['ТУЗ КУБКОВ', 'Ace of Cups'],
    ['Влюбленные', 'The Lovers'],
    ['влюблённых', 'The Lovers'],
    ['десятку мечей', 'Ten of Swords'],
    ['10 мечей', 'Ten of Swords'],
    ['X of swords', 'Ten of Swords'],
    ['Восьмёрка пентаклей', 'Eight of Pentacles'],
    ['восьмерку денариев', 'Eight of Pentacles'],
    ['жезлы: рыцарь', 'Knight of Wands'],
    ['Королеву Посохов', 'Queen of Wands'],
    ['королем монет', 'King of Pentacles'],
    ['колесом фортуны', 'Wheel of Fortune'],
    ['the high priestess', 'The High Priestess'],
    ['Верховную жрицу', 'The High Priestess'],
    ['верховный жрец', 'The Hierophant'],
    ['Страшный суд', 'Judgement'],
    ['XIII', 'Death'],
    ['аркан 8', 'Strength'],
    ['11 аркан', 'Justice'],
    ['мне выпала Луна', 'The Moon'],
    ['Туз\u00a0Чаш', 'Ace of Cups'],
  ])('reads %j as %s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it.each([
    ['перевёрнутая луна', '-The Moon'],
    ['Луна (перевернутая)', '-The Moon'],
    ['луна перев.', '-The Moon'],
    ['Moon reversed', '-The Moon'],
    ['The Moon, reversed', '-The Moon'],
    ['ace of cups rx', '-Ace of Cups'],
    ['Ace of Cups (R)', '-Ace of Cups'],
    ['Луна прямая', 'The Moon'],
  ])('takes the orientation of %j', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it('reads several at once', () => {
    const expected = 'The Moon, -Ace of Cups, King of Swords';
    expect(read('Луна, перевёрнутый туз чаш; король мечей', 3)).toBe(expected);
    expect(read('1. Moon\n2. ace of cups reversed\n3) King of Swords', 3)).toBe(expected);
    expect(read('луна и туз чаш перевернутый и король мечей', 3)).toBe(expected);
    expect(read('луна туз чаш перевернутый король мечей', 3)).toBe(expected);
  });

  it('offers the nearest of a misspelled name and does not guess', () => {
    expect(read('тус чашш')).toMatchObject({ kind: 'unknown', words: 'тус чашш' });
    expect(nearest('тус чашш').map((id) => cardOf(id).names.ru)).toContain('Туз Кубков');
    expect(nearest('Иерофнат')).toEqual([5]);
    expect(nearest('quen of cups')[0]).toBe(48);
    expect(nearest('kin of cup').length).toBeLessThanOrEqual(3);
  });

  it('offers none for a name that is far from all, of any length', () => {
    expect(read('пиковая дама')).toEqual({ kind: 'unknown', words: 'пиковая дама', nearest: [] });
    expect(read('я'.repeat(5_000))).toMatchObject({ kind: 'unknown', nearest: [] });
  });

  it('refuses a wrong count', () => {
    expect(read('луна', 3)).toEqual({ kind: 'count', found: 1 });
    expect(read('луна, солнце, звезда, мир', 3)).toEqual({ kind: 'count', found: 4 });
    expect(read(' , ; ', 3)).toEqual({ kind: 'count', found: 0 });
  });

  it('refuses a card twice, also once upright and once reversed', () => {
    expect(read('луна, солнце, луна перевёрнутая', 3)).toEqual({ kind: 'twice', card: 18 });
    expect(read('ace of cups, туз чаш, мир', 3)).toEqual({ kind: 'twice', card: 36 });
  });

  it('does not take words for cards that only begin like one', () => {
    expect(read('судьба')).toMatchObject({ kind: 'unknown' });
    expect(read('мечта короля')).toMatchObject({ kind: 'unknown' });
  });
});
