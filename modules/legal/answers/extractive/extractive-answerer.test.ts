import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerOf, describeAnswerer } from '../conformance-answerer.ts';
import type { NumberedPassage } from '../contract.ts';
import { refusalText } from '../refusal.ts';
import { extractiveAnswerer } from './extractive-answerer.ts';

describeAnswerer('extractive', async () => ({ answerer: extractiveAnswerer, close: async () => {} }));

const ask = async (question: string, given: readonly NumberedPassage[], language: 'en' | 'ru' = 'en') =>
  (await answerOf(extractiveAnswerer, { question, passages: given, language })).text;

const passages = (title: string, ...texts: string[]): NumberedPassage[] =>
  texts.map((text, index) => ({ number: index + 1, title, text }));

const library = passages(
  'Library rules',
  'Readers may borrow up to eight books at a time. A book is lent for twenty-one days.',
  'The reading room opens at nine. Food and drink are not allowed in the reading room.',
  'A lost book is replaced by the reader, who also pays an administrative fee of 4 euros.',
);
const storage = passages(
  'Договор хранения',
  'Хранитель обязуется хранить вещь в течение шести месяцев. Вознаграждение хранителя составляет 2 000 рублей в месяц.',
  'Поклажедатель вправе забрать вещь в любое время. О намерении забрать вещь он сообщает хранителю за три дня.',
);

describe('extractive answers', () => {
  it('quotes the sentence that holds the answer, word for word, with its passage’s number', async () => {
    expect(await ask('What administrative fee does the reader pay for a lost book?', library)).toContain(
      'A lost book is replaced by the reader, who also pays an administrative fee of 4 euros. [3]',
    );
    expect(await ask('Какое вознаграждение получает хранитель?', storage, 'ru')).toContain(
      'Вознаграждение хранителя составляет 2 000 рублей в месяц. [1]',
    );
  });

  it('prefers a sentence with a figure where one is asked for', async () => {
    const fine = passages(
      'Charges',
      'The fine for late return is set by the board.',
      'The fine for late return is 30 cents.',
    );
    expect(await ask('How much is the fine for late return?', fine)).toMatch(
      /^The fine for late return is 30 cents\. \[2\]/,
    );
  });

  it.each([
    ['Which visas does a tourist need for the crossing to Norway?', library, 'en'],
    ['What interest does the savings account of a reader earn?', library, 'en'],
    ['Какой налог платит хранитель с продажи автомобиля?', storage, 'ru'],
  ] as const)('refuses "%s", whose words are in no passage', async (question, given, language) => {
    expect(await ask(question, given, language)).toBe(refusalText(language));
  });

  it('finds an article by its number', async () => {
    const code: NumberedPassage[] = [
      { number: 1, title: 'Устав, статья 11. Сбор', text: 'Сбор платится в порядке статьи 12 настоящего Устава.' },
      { number: 2, title: 'Устав, статья 12. Порядок', text: 'Плательщик подаёт заявление в двух экземплярах.' },
    ];
    expect(await ask('Что говорится в ст. 12?', code, 'ru')).toMatch(/^Плательщик подаёт заявление .* \[2\]/);
    const contract = passages('Supply contract', '7. Prices are fixed.', '8. Delivery is free of charge.');
    expect(await ask('What does section 8 say?', contract)).toMatch(/^8\. Delivery is free of charge\. \[2\]/);
  });

  it('keeps to the document that the question names', async () => {
    const two: NumberedPassage[] = [
      { number: 1, title: 'Lease Alder House', text: 'The deposit is two monthly rents and bears no interest.' },
      { number: 2, title: 'Lease Birch House', text: 'The deposit is three monthly rents.' },
    ];
    expect(await ask('In the lease of Birch House, what is the deposit?', two)).toMatch(
      /^The deposit is three .* \[2\]/,
    );
  });

  it('quotes documents in the other language as they are, and says so in the question’s language', async () => {
    const lease = passages(
      'Lease',
      'The roof is tight. The tenant pays rent of 700 euros a month.',
      'Dogs are welcome.',
    );
    expect(await ask('Какую арендную плату вносит арендатор?', lease, 'ru')).toMatch(
      /^В документах сказано по-английски:\n\nThe tenant pays rent of 700 euros a month\. \[1\]/,
    );
    const russian = passages('Договор', 'Арендатор вносит арендную плату 700 евро в месяц.', 'Собак держать можно.');
    expect(await ask('What rent does the tenant pay?', russian)).toMatch(
      /^The documents say, in Russian:\n\nАрендатор вносит арендную плату 700 евро в месяц\. \[1\]/,
    );
  });

  it('does not let a number in square brackets pass for a marker', async () => {
    const noted = passages('Notes', 'The warranty [2] covers parts for ten months.');
    expect(await ask('How long does the warranty cover parts?', noted)).toBe(
      'The warranty (2) covers parts for ten months. [1]',
    );
  });

  it('answers anything with quotations and their markers, or with the refusal', async () => {
    const words = fc.constantFrom(
      'book',
      'lent',
      'за',
      'три',
      'дня',
      '[1]',
      '12.',
      'ст.',
      '\n',
      ';',
      '12',
      '«',
      '\ud800',
      'a'.repeat(900),
    );
    const text = fc.array(words, { maxLength: 40 }).map((all) => all.join(' '));
    await fc.assert(
      fc.asyncProperty(text, fc.array(text, { maxLength: 4 }), async (question, texts) => {
        const answer = await ask(question, passages('Title', ...texts));
        const markers = [...answer.matchAll(/\[(\d+)\]/g)].map((match) => Number(match[1]));
        if (answer === refusalText('en')) expect(markers).toEqual([]);
        else {
          expect(markers.length).toBeGreaterThan(0);
          for (const number of markers) expect(number >= 1 && number <= texts.length).toBe(true);
        }
      }),
    );
  });
});
