import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readQuestion } from '../question/index.ts';
import { stems } from '../text/index.ts';
import { createHighlighter } from './highlights.ts';
import { queryOf } from './query.ts';
import { createWordReader } from './read-words.ts';

const readWords = createWordReader();
const highlights = (text: string, offset: number, question: string) =>
  createHighlighter(queryOf(readQuestion(question).meaning.sought, new Set()))(readWords(text), offset);
const marked = (text: string, question: string) =>
  highlights(text, 100, question).map(({ start, end }) => text.slice(start - 100, end - 100));

it('marks the words of the question in any form, neighbours as one', () => {
  expect(marked('Договором аренды установлен срок, аренды нет.', 'срок договора аренды')).toEqual([
    'Договором аренды',
    'срок, аренды',
  ]);
});

it('marks a part of a designation as the whole', () => {
  expect(marked('Закон № 152-ФЗ, договор ИП-7', 'ФЗ ИП')).toEqual(['152-ФЗ', 'ИП-7']);
});

it('marks every word that has a stem with the question in common, and no other', () => {
  const word = fc.constantFrom(
    'Skies',
    'sky',
    'ски',
    'dying',
    'ЁЛКА',
    'елки',
    'ею',
    'аренды',
    'арендой',
    'А40-17/2024',
    'x',
  );
  fc.assert(
    fc.property(fc.array(word), word, (parts, asked) => {
      const common = parts.filter((part) => stems(part).some((stem) => stems(asked).includes(stem)));
      expect(marked(parts.join(' | '), asked)).toEqual(common);
    }),
  );
});

it('marks a wording of law that is there as a whole, and none of which only a part is', () => {
  expect(marked('Расторжение трудового договора оформляется приказом', 'уволить')).toEqual([
    'Расторжение трудового договора',
  ]);
  expect(marked('Расторжение сделки', 'уволить')).toEqual([]);
});

it('marks no words with which a question is only put', () => {
  expect(marked('Должны ли стороны платить, можно решить', 'можно, должны, сколько стороны')).toEqual(['стороны']);
});

it('gives spans in order, without overlap, within the text', () => {
  const word = fc.constantFrom('срок', 'Договор', ', ', '. ', '\n', 'ё', '😀', 'оплаты', ' ');
  fc.assert(
    fc.property(fc.array(word), (parts) => {
      const text = parts.join('');
      let last = 0;
      for (const { start, end } of highlights(text, 0, 'срок оплаты договора')) {
        expect(start).toBeGreaterThanOrEqual(last);
        expect(end).toBeGreaterThan(start);
        last = end;
      }
      expect(last).toBeLessThanOrEqual(text.length);
    }),
  );
});
