import { describe, expect, it } from 'vitest';
import { placeWords } from './place-words.ts';

/** Words in a row, each box telling the number of its word. */
const seen = (...words: string[]) =>
  words.map((text, index) => ({ text, box: [index, 0, 10, 10] as [number, number, number, number] }));

/** What each placed word marks: its number and the text. */
function marks(text: string, words: string[]): [number, string][] {
  const placed = placeWords(text, seen(...words));
  return Array.from({ length: placed.length / 6 }, (_, at) => {
    const [start, end, left] = placed.slice(at * 6) as [number, number, number];
    return [left, text.slice(start, end)];
  });
}

describe('placeWords', () => {
  it('places every word of a text that is made of them, without the signs around it', () => {
    const words = ['Арендная', 'плата', '«составляет»', '50', '000', 'рублей.'];
    expect(marks('Арендная плата\n«составляет» 50 000 рублей.', words).map(([, word]) => word)).toEqual([
      ...['Арендная', 'плата', 'составляет', '50', '000', 'рублей'],
    ]);
  });

  it('knows words whose letters changed their alphabet', () => {
    // The first word is recognized with Latin letters.
    expect(marks('СРОК аренды', ['CPOK', 'аренды'])).toEqual([
      [0, 'СРОК'],
      [1, 'аренды'],
    ]);
  });

  it('leaves out words of lines that are not in the text', () => {
    const words = ['Lease', 'No', '5', 'The', 'tenant', 'pays', 'the', 'rent', 'monthly.'];
    expect(marks('The tenant pays the rent monthly.', words).map(([word]) => word)).toEqual([3, 4, 5, 6, 7, 8]);
  });

  it('places cells of a table that are found once, and none that could be another', () => {
    const words = ['Goods', 'Price', 'Table', '100', 'Chair', '100', 'Lamp', '250'];
    const found = marks(
      'Goods | Price\nGoods: Lamp | Price: 250\nGoods: Table | Price: 100\nGoods: Chair | Price: 100',
      words,
    );
    for (const [word, text] of found) expect(text).toBe(words[word]);
    const numbers = found.map(([word]) => word);
    expect(numbers).toEqual(expect.arrayContaining([2, 4, 6, 7]));
    const hundreds = found.filter(([, text]) => text === '100');
    expect(hundreds.length).toBeLessThanOrEqual(2);
  });

  it('does not choose between equal lines of which one was left out', () => {
    const line = ['Signed', 'by', 'Anna'];
    const found = marks('Signed by Anna', [...line, ...line]);
    expect(found).toEqual([]);
  });

  it('gives up on texts that have nothing in common, and on noise', () => {
    expect(placeWords('One two three', seen('четыре', 'пять'))).toEqual([]);
    const noise = Array.from({ length: 5000 }, (_, at) => `w${at}`);
    expect(placeWords(noise.join(' '), seen(...noise))).toEqual([]);
  });
});
