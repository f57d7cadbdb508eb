import { describe, expect, it } from 'vitest';
import { type CitablePassage, resolveCitations } from './resolve-citations.ts';
import { createSupportCheck } from './supported-sentence.ts';

const rental =
  'The hirer pays a fee of 1,500 euros a month. A late payment bears interest of 12 per cent. The hirer insures the crane.';
const passages: CitablePassage[] = [
  { number: 1, documentId: 'rental', title: 'Crane', page: null, start: 0, end: rental.length, text: rental },
];
const question = 'What does the hirer pay for the crane, and by what day?';
const resolve = (answer: string) => resolveCitations(answer, passages, question);

describe('sentences of an answer', () => {
  it.each([
    ['that no passage supports', 'The hirer pays a fee [1]. Gold coins are accepted on Sundays.'],
    ['whose marker names nothing', 'The hirer pays a fee [1]. Gold coins are accepted on Sundays [9].'],
    ['whose marker names a passage without their words', 'The hirer pays a fee [1]. Dogs sleep indoors [1].'],
    ['with a figure that is nowhere, whatever they cite', 'The hirer pays a fee [1]. The fee is 1,900 euros [1].'],
  ])('%s are dropped and counted', (_, answer) => {
    expect(resolve(answer)).toMatchObject({ answer: 'The hirer pays a fee [1].', dropped: 1, answered: true });
  });

  it.each([
    'The hirer pays 1500 euros a month [1]. Late payment bears interest of 12 per cent.',
    'Yes. The hirer pays for the crane [1].',
    'By the contract:\n\nThe hirer pays a fee of 1,500 euros a month [1].',
    'The hirer pays 1,500 euros a month [1]. The passages do not specify a day.',
    'The fee is paid monthly. The hirer also insures the crane. [1]',
  ])('stay in "%s"', (answer) => {
    expect(resolve(answer)).toMatchObject({ answer, dropped: 0 });
  });

  it('leave the paragraphs of the others apart', () => {
    const { answer, dropped } = resolve('The hirer pays a fee [1]. Dogs sleep.\n\nThe hirer insures the crane [1].');
    expect([answer, dropped]).toEqual(['The hirer pays a fee [1].\n\nThe hirer insures the crane [2].', 1]);
  });

  it('that all fall leave no answer and no citation', () => {
    expect(resolve('The fee is 7,777 euros [1].')).toEqual({ answer: '', citations: [], answered: false, dropped: 1 });
  });
});

describe('figures', () => {
  const supports = createSupportCheck(['Плата 12 500 рублей по договору от 01.05.2024.'], 'Что было в 2023 году?');
  it.each([
    ['Плата 12500 рублей.', true],
    ['Плата 12,500 рублей.', true],
    ['Договор 2024 года.', true],
    ['Плата в 2023 году.', true],
    ['Плата 125 рублей.', false],
    ['Плата 12 501 рубль.', false],
  ])('of "%s" are supported: %s', (sentence, expected) => {
    expect(supports(sentence, true)).toBe(expected);
  });
});
