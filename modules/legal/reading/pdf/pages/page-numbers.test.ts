import { describe, expect, it } from 'vitest';
import { removePageNumbers } from './page-numbers.ts';

describe('removePageNumbers', () => {
  it('removes numbers that grow with the pages at the foot', () => {
    expect(removePageNumbers(['One\n1', 'Two goes\n2', 'on here\n3\n'])).toEqual([
      'One\n',
      'Two goes\n',
      'on here\n\n',
    ]);
  });

  it('removes them at the head, with words around them and from any first number on', () => {
    expect(removePageNumbers(['Title', 'Стр. 12 из 20\nда', '— 13 —\nнет'])).toEqual(['Title', '\nда', '\nнет']);
  });

  it('leaves numbers that do not grow with the pages', () => {
    const pages = ['in the year\n2019', 'in the year\n2019', 'amount\n7'];
    expect(removePageNumbers(pages)).toEqual(pages);
  });

  it('leaves a number that stands on one page only, and one inside a line', () => {
    const pages = ['1', 'Article 2', 'text'];
    expect(removePageNumbers(pages)).toEqual(pages);
  });

  it('leaves empty pages and no pages alone', () => {
    expect(removePageNumbers(['', ' \n'])).toEqual(['', ' \n']);
    expect(removePageNumbers([])).toEqual([]);
  });
});
