import { describe, expect, it } from 'vitest';
import { standaloneQuestion, type Turn } from './standalone-question.ts';

const said = (...questions: string[]): Turn[] =>
  questions.flatMap((content) => [
    { role: 'user', content },
    { role: 'assistant', content: 'An answer about elephants [1].' },
  ]);
const carried = (question: string, ...before: string[]) => standaloneQuestion(question, said(...before)).carried;

describe('a question behind others', () => {
  it.each([
    ['А если он не заплатит?', 'Когда арендатор вносит арендную плату?', 'арендатор вносит арендную плату'],
    ['И на какой срок?', 'Можно ли передать помещение в субаренду?', 'передать помещение субаренду'],
    ['Кто это оплачивает?', 'Кто ремонтирует крышу склада?', 'ремонтирует крышу склада'],
    ['And what if he does not pay?', 'When is the monthly rent due?', 'monthly rent due'],
    ['How long does it last?', 'Is there a warranty for the boiler?', 'warranty boiler'],
    ['Why?', 'Is hunting in the park allowed?', 'hunting park allowed'],
  ])('"%s" carries the words of "%s"', (question, before, words) => {
    expect(carried(question, before)).toBe(words);
  });

  it.each([
    ['Какой размер неустойки за просрочку поставки товара?', 'Когда арендатор вносит плату?'],
    ['What notice must the tenant give to end the lease?', 'Who repairs the roof of the barn?'],
    ['Is it possible to terminate the storage agreement early for no reason at all?', 'When is the rent due?'],
  ])('"%s" stands alone', (question, before) => {
    expect(standaloneQuestion(question, said(before))).toEqual({ question, carried: '' });
  });

  it('goes further back while the ones before are elliptic as well', () => {
    expect(carried('И потом?', 'Когда поставщик привозит муку?', 'А если он опоздает?')).toBe(
      'опоздает поставщик привозит муку',
    );
    expect(carried('And then?', 'Who feeds the horses of the estate?', 'When is the monthly rent due?')).toBe(
      'monthly rent due',
    );
  });

  it('keeps to the document that an earlier one named', () => {
    const before = 'In the Lease between Alder and Birch, when is the rent due?';
    expect(standaloneQuestion('And what if he pays late?', said(before)).question).toBe(
      'In the Lease between Alder and Birch: And what if he pays late?',
    );
    const own = 'In the Policy of the library, is it allowed?';
    expect(standaloneQuestion(own, said(before)).question).toBe(own);
  });

  it('carries nothing of what was answered, and nothing where nothing was said', () => {
    expect(carried('And the term?', 'Who owns the elephant house?')).not.toContain('elephants');
    expect(standaloneQuestion('А если он не заплатит?', [])).toEqual({
      question: 'А если он не заплатит?',
      carried: '',
    });
  });

  it('carries no more than a few dozen words', () => {
    const long = Array.from({ length: 500 }, (_, n) => `слово${n}`).join(' ');
    expect(carried('А потом?', long).split(' ').length).toBeLessThanOrEqual(40);
  });
});
