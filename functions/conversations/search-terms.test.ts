import { describe, expect, it } from 'vitest';
import { excerptOf, searchTerms } from './search-terms.ts';

describe('searchTerms', () => {
  it.each([
    ['Договора «поставки»', ['договор', 'поставк']],
    ['companies pay', ['compan', 'pay']],
    ['ООО "Ёлка" 12-ФЗ 5%', ['ооо', 'елк', '12-фз', '5%']],
    ['и the', ['и', 'the']],
    ['   ', []],
    ['a b c d e f g h i j', 'a b c d e f g h'.split(' ')],
  ])('of %j are %j', (text, terms) => {
    expect(searchTerms(text)).toEqual(terms);
  });
});

describe('excerptOf', () => {
  const long = `${'слово '.repeat(40)}НЕУСТОЙКА за просрочку ${'слово '.repeat(40)}`;

  it('shows the words around the first term, on one line', () => {
    const excerpt = excerptOf(`${long}\n\nend`, ['неустойк']);
    expect(excerpt).toMatch(/^…слово .*НЕУСТОЙКА за просрочку слово .*…$/);
    expect(excerpt.length).toBeLessThan(210);
  });

  it('begins at the beginning where no term is found', () => {
    expect(excerptOf('A\nshort text', ['none'])).toBe('A short text');
    expect(excerptOf(long, ['none']).startsWith('слово слово')).toBe(true);
  });
});
