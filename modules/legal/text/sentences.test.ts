import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sentences } from './sentences.ts';

const split = (text: string) => sentences(text).map(({ start, end }) => text.slice(start, end));

describe('sentences', () => {
  it.each([
    'Согласно ст. 5 и п. 2 ч. 1 ст. 10 Закона от 26 января 1996 г. № 14-ФЗ.',
    'Закон от 8 февраля 1998 г. N 14-ФЗ действует.',
    'Офис в г. Москва, ул. Ленина, д. 5, корп. 2.',
    'Директор И. И. Иванов, т. е. Исполнитель, и др. лица.',
    'Статья 8.1. Предмет договора',
    '2.3. Исполнитель обязан уведомить Заказчика.',
    'See No. 5, Art. 7 and Sec. IV of the U.S. statute.',
    'Mr. J. R. Smith v. Acme Inc. and others.',
    'Section 3. Term and termination',
  ])('keeps "%s" whole', (text) => {
    expect(split(text)).toEqual([text]);
  });

  it('ends a sentence behind an abbreviation that may be its last word', () => {
    expect(split('Работы, услуги и т. д. Стороны согласны. Срок до 2020 г. Цена 100 руб. Оплата сразу.')).toEqual([
      'Работы, услуги и т. д.',
      'Стороны согласны.',
      'Срок до 2020 г.',
      'Цена 100 руб.',
      'Оплата сразу.',
    ]);
    expect(split('Paid by Acme Inc. The rest follows. He said no. Then he left.')).toEqual([
      'Paid by Acme Inc.',
      'The rest follows.',
      'He said no.',
      'Then he left.',
    ]);
  });

  it('takes quotes, question marks and ellipses as they are meant', () => {
    expect(split('Он сказал: «Нет.» Кто это? Она ушла… Всё! «Да», ответил он.')).toEqual([
      'Он сказал: «Нет.»',
      'Кто это?',
      'Она ушла…',
      'Всё!',
      '«Да», ответил он.',
    ]);
  });

  it('ends a sentence at list items and line breaks', () => {
    expect(split('Исполнитель обязан: а) начать; б) закончить; 2.1. сдать.\nЗаказчик\r\nплатит')).toEqual([
      'Исполнитель обязан: а) начать;',
      'б) закончить;',
      '2.1. сдать.',
      'Заказчик',
      'платит',
    ]);
    expect(split('The Supplier shall (i) start; (ii) finish; and stop.')).toEqual([
      'The Supplier shall (i) start;',
      '(ii) finish; and stop.',
    ]);
  });

  it('gives nothing for white space', () => {
    expect(sentences('')).toEqual([]);
    expect(sentences(' \n\t\u00A0')).toEqual([]);
  });

  const words = [
    'ст.',
    'п. 5',
    'Стороны',
    'т. д.',
    'Inc.',
    '1.',
    'а)',
    ';',
    '«',
    '»',
    '…',
    '\n',
    ' ',
    '\r\n',
    '.',
    '?',
    'г.',
  ];
  const legal = fc
    .array(fc.oneof(fc.constantFrom(...words), fc.string({ unit: 'binary' })))
    .map((all) => all.join(' '));

  it('never overlaps, keeps the order and covers all that is not white space', () => {
    fc.assert(
      fc.property(legal, (text) => {
        let position = 0;
        for (const { start, end } of sentences(text)) {
          expect(start).toBeGreaterThanOrEqual(position);
          expect(end).toBeGreaterThan(start);
          expect(text.slice(position, start).trim()).toBe('');
          expect(text.slice(start, end).trim()).toBe(text.slice(start, end));
          position = end;
        }
        expect(text.slice(position).trim()).toBe('');
      }),
    );
  });
});
