import { describe, expect, it } from 'vitest';
import { askedStems, stems } from './stems.ts';
import { words } from './words.ts';

const numbers = (text: string) => Array.from(words(text), (word) => word.text).filter((word) => /\d/.test(word));

describe('numbers in words', () => {
  it.each([
    ['пять', '5'],
    ['двадцати пяти дней', '25'],
    ['сто двадцать три', '123'],
    ['сто тысяч рублей', '100000'],
    ['трёхсот пятидесяти тысяч', '350000'],
    ['один миллион двести тысяч', '1200000'],
    ['тысяча рублей', '1000'],
    ['двумястами сорока', '240'],
    ['одиннадцатью', '11'],
    ['полтора миллиона', '1500000'],
    ['в течение одного месяца', '1'],
    ['не менее одной (1) копии', '1'],
    ['one hundred and eighty days', '180'],
    ['twenty-five days', '25'],
    ['Two Hundred Fifty Thousand dollars', '250000'],
    ['a hundred thousand euros', '100000'],
    ['fifteen hundred dollars', '1500'],
    ['two and a half million', '2500000'],
    ['one (1) year', '1'],
  ])('are figures: "%s"', (text, figure) => {
    expect(numbers(text)).toEqual([figure]);
  });

  it.each([
    ['пять процентов', '5%'],
    ['пяти (5) процентов', '5%'],
    ['пять (5%) процентов', '5%'],
    ['Пять процентов (5 %)', '5%'],
    ['5 (пять) процентов', '5%'],
    ['ноль целых пять десятых процента', '0.5%'],
    ['одной целой двадцати пяти сотых процента', '1.25%'],
    ['две десятых процента', '0.2%'],
    ['полпроцента', '0.5%'],
    ['половины процента', '0.5%'],
    ['два с половиной процента', '2.5%'],
    ['полутора процентов', '1.5%'],
    ['один процент', '1%'],
    ['five percent', '5%'],
    ['five (5) per cent', '5%'],
    ['one-half of one percent', '0.5%'],
    ['half a percent', '0.5%'],
    ['two point five percent', '2.5%'],
    ['one and a half percent', '1.5%'],
  ])('are shares: "%s"', (text, share) => {
    expect([...new Set(numbers(text))]).toEqual([share]);
  });

  it('are one number with the figures behind them, or two where these differ', () => {
    expect(stems('в течение тридцати (30) дней')).toEqual(['течен', '30', 'тридцат', 'дне']);
    expect(numbers('ста тысяч (100 000) рублей')).toEqual(['100000']);
    expect(numbers('thirty (45) days')).toEqual(['30', '45']);
  });

  it('are found by their words as well, but asked for by the number', () => {
    expect(stems('пять процентов')).toEqual(['share/5', '5', 'пят', 'процент']);
    expect(askedStems('пять процентов')).toEqual(['share/5']);
    expect(askedStems('5 %')).toEqual(['share/5']);
  });

  it.each([
    'одна из Сторон',
    'одного',
    'one of the parties',
    'no one',
    'двадцать пятое число',
    'двадцать пятого мая',
    'the twenty-fifth day',
    'thirty first of the month',
    'тысяч рублей',
    'hundred',
    'с половиной',
    'a party and a half',
    'the point of delivery',
    'целая часть',
  ])('are none in "%s"', (text) => {
    expect(numbers(text)).toEqual([]);
  });

  it('stay apart where they make no number together', () => {
    expect(numbers('два-три дня')).toEqual(['2', '3']);
    expect(numbers('от пяти до десяти и двадцати')).toEqual(['5', '10', '20']);
    expect(numbers('five and six')).toEqual(['5', '6']);
    expect(numbers('two hundred and one of the parties')).toEqual(['201']);
  });

  it('tell where they stand', () => {
    const text = 'не позднее двадцати пяти (25) дней';
    expect(Array.from(words(text), ({ start, end }) => text.slice(start, end))).toEqual([
      'не',
      'позднее',
      'двадцати пяти (25',
      'дней',
    ]);
  });

  it('take linear time', () => {
    for (const text of [
      'five point '.repeat(20_000),
      'one and '.repeat(30_000),
      'пять '.repeat(40_000),
      'сто тысяч '.repeat(20_000),
    ]) {
      expect(stems(text)).toBeInstanceOf(Array);
    }
  });
});
