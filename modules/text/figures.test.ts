import { describe, expect, it } from 'vitest';
import { askedStems, stems } from './stems.ts';

const same = (...written: string[]) => written.map((text) => askedStems(text)[0]);

describe('figures', () => {
  it.each([
    ['95500', ['95500', '95 500', '95 500,00', '95,500.00', '95 500,00 руб.', '95.500,00', '95,5 тыс.']],
    ['1500000', ['1 500 000', '1,500,000', '1,5 млн', '1.5 million', '1500 тыс.', '1’500’000']],
    ['10.5', ['10,5', '10.5', '10,50', '10,50 руб.', '$10.50']],
    ['10.05', ['10,05', '10.05']],
    ['share/0.5', ['0.5%', '0,5 %', '0,50%', '0,5 процента', '0.5 per cent', '0,5 (ноль целых пять десятых) процента']],
    [
      'day/2024-05-20',
      ['20.05.2024', '20 мая 2024 г.', '«20» мая 2024', 'May 20, 2024', '20th of May, 2024', '2024-05-20'],
    ],
  ])('are %s however they are written', (figure, written) => {
    expect(same(...written)).toEqual(written.map(() => figure));
  });

  it.each([
    ['п. 3.10', ['п', '3.10']],
    ['п. 1,2 и 3', ['п', '1', '2', '3']],
    ['12-ФЗ', ['12-фз', '12', 'фз']],
    ['с 1 000 до 2 000', ['1000', '2000']],
    ['1.10,5', ['1.10', '5']],
    ['2024 500', ['2024', '500']],
  ])('are left alone in "%s"', (text, expected) => {
    expect(stems(text)).toEqual(expected);
  });

  it('of a share or a day are found by their number or year as well, but not asked for by it', () => {
    expect(stems('0,5 %')).toEqual(['share/0.5', '0.5']);
    expect(stems('20 мая 2024')).toEqual(['day/2024-05-20', '2024', 'ма']);
    expect(askedStems('20 мая 2024')).toEqual(['day/2024-05-20']);
  });

  it('that are raised make a number of an inserted unit, or name a footnote', () => {
    expect(stems('статья 15¹')).toEqual(stems('статья 15.1'));
    expect(stems('30¹ дней')).toContain('30');
    expect(stems('100 000¹ рублей')).toContain('100000');
    expect([...stems('статья 15¹'), ...stems('30¹ дней')].filter((stem) => /^(?:151|301)/.test(stem))).toEqual([]);
  });

  it('take linear time', () => {
    for (const text of ['1 000 '.repeat(30_000), '1.'.repeat(60_000), '9'.repeat(100_000), '5 ('.repeat(30_000)]) {
      expect(stems(text)).toBeInstanceOf(Array);
    }
  });
});

describe('words broken at the end of a line', () => {
  it.each([
    ['неус-\nтойка', 'неустойка'],
    ['неус\u00ad\nтойка', 'неустойка'],
    ['аренд‐\r\n  ную', 'арендную'],
    ['ДОГО-\nВОР', 'договор'],
    ['termi-\n\nnation', 'termination'],
  ])('are found: "%s"', (text, word) => {
    expect(stems(text)).toContain(stems(word)[0]);
  });

  it('keep their halves, as the hyphen may be their own', () => {
    expect(stems('купли-\nпродажи')).toEqual(expect.arrayContaining(stems('купли-продажи')));
    expect(stems('ООО-\nРомашка')).toEqual(stems('ООО Ромашка'));
    expect(stems('152-\nФЗ')).toEqual(expect.arrayContaining(stems('152-ФЗ')));
  });
});
