import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CitablePassage, resolveCitations } from './resolve-citations.ts';

const lease = `Договор проката

1. Плата за прокат велосипеда составляет 300 рублей в сутки. Плата вносится вперёд.
2. Залог составляет 5 000 рублей. Залог возвращается в день возврата велосипеда.`;
const rules = 'Members may park bicycles in the yard. The yard closes at ten. Lost keys cost 20 euros.';

function passage(number: number, document: string, text: string, start: number, end: number): CitablePassage {
  return {
    number,
    documentId: document,
    title: `Title ${document}`,
    page: null,
    start,
    end,
    text: text.slice(start, end),
  };
}

const second = lease.indexOf('2. Залог');
const passages = [
  passage(1, 'lease', lease, 0, second),
  passage(2, 'lease', lease, second, lease.length),
  passage(3, 'rules', rules, 0, rules.length),
];
const quotes = (answer: string) => resolveCitations(answer, passages).citations.map(({ quote }) => quote);

describe('citations', () => {
  it('quote the words that the statement rests on, with their place in the document', () => {
    const start = lease.indexOf('Залог возвращается');
    expect(resolveCitations('Залог вернут в тот же день возврата велосипеда [2].', passages)).toEqual({
      answer: 'Залог вернут в тот же день возврата велосипеда [1].',
      citations: [
        {
          documentId: 'lease',
          title: 'Title lease',
          page: null,
          start,
          end: lease.length,
          quote: 'Залог возвращается в день возврата велосипеда.',
        },
      ],
      answered: true,
      dropped: 0,
    });
  });

  it('are numbered in the order of the answer', () => {
    const { answer, citations } = resolveCitations('Keys cost 20 euros [3]. Залог: 5 000 рублей [2].', passages);
    expect(answer).toBe('Keys cost 20 euros [1]. Залог: 5 000 рублей [2].');
    expect(citations.map(({ documentId }) => documentId)).toEqual(['rules', 'lease']);
  });

  it.each(['[1][2]', '[1] [2]', '[1, 2]', '[1;2]', '[ 1 , 2 ]', '[1-2]', '[1–2]', '[1][2][1]', '[2, 1, 2]'])(
    'of several passages may be written %s',
    (markers) => {
      const { answer, citations } = resolveCitations(`Плата 300 рублей, залог 5 000 рублей ${markers}.`, passages);
      expect(citations.length).toBe(2);
      expect(answer.match(/\[\d\]/g)?.sort()).toEqual(['[1]', '[2]']);
    },
  );

  it('of the same words become one', () => {
    expect(resolveCitations('The yard closes [3] at ten, the yard closes [3].', passages)).toMatchObject({
      answer: 'The yard closes [1] at ten, the yard closes [1].',
      citations: [{ quote: 'The yard closes at ten.' }],
    });
    const twice = [...passages, { ...(passages[2] as CitablePassage), number: 4 }];
    expect(resolveCitations('The yard closes at ten [3][4].', twice).answer).toBe('The yard closes at ten [1].');
  });

  it.each([
    ['that name no passage', 'The yard closes at ten [7].', 'The yard closes at ten.'],
    ['whose statement has no word of the passage', 'Aliens landed [3].', 'Aliens landed.'],
    ['whose statement shares only small words with it', 'It was in the at [3].', 'It was in the at.'],
    ['without a statement', '[3]', ''],
  ])('%s are dropped, and the answer counts as none', (_, answer, text) => {
    expect(resolveCitations(answer, passages)).toEqual({ answer: text, citations: [], answered: false, dropped: 0 });
  });

  it('leave a refusal as it is', () => {
    const refusal = 'The documents do not contain an answer to this question.';
    expect(resolveCitations(refusal, passages)).toEqual({
      answer: refusal,
      citations: [],
      answered: false,
      dropped: 0,
    });
  });

  it('do not take other brackets for markers', () => {
    const text = 'Lost keys [sic] cost [20 euros] (3) [3] [a1] [].';
    expect(resolveCitations(text, passages).answer).toBe('Lost keys [sic] cost [20 euros] (3) [1] [a1] [].');
  });

  it('join sentences when the statement rests on both', () => {
    expect(quotes('Плата 300 рублей в сутки и вносится вперёд [1].')).toEqual([
      '1. Плата за прокат велосипеда составляет 300 рублей в сутки. Плата вносится вперёд.',
    ]);
  });

  it('name the page on which the quote starts', () => {
    const paged = [{ ...(passages[2] as CitablePassage), page: 1, pageStarts: [0, rules.indexOf('The yard'), 70] }];
    const pageOf = (answer: string) => resolveCitations(answer, paged).citations[0]?.page;
    expect(pageOf('Bicycles park in the yard of members [3]')).toBe(1);
    expect(pageOf('The yard closes at ten [3]')).toBe(2);
    expect(pageOf('Lost keys cost 20 euros [3]')).toBe(2);
    expect(
      resolveCitations('Lost keys [3]', [{ ...(passages[2] as CitablePassage), page: 9 }]).citations[0]?.page,
    ).toBe(9);
  });

  it('are exactly the document’s text, and every marker names one, whatever the answer', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'Залог',
        ' велосипеда',
        ' keys',
        '. ',
        '\n',
        ' [1]',
        '[2]',
        '[3, 1]',
        '[1-999999]',
        '[0]',
        '[-1]',
      ),
      fc.constantFrom(
        '[[1]]',
        '[1',
        '1]',
        '[3][',
        '[1,]',
        '[999999999999]',
        '[2–1]',
        '[１]',
        '[1](x)',
        '【1】',
        '\u0000',
        '\ud83d',
      ),
      fc.string(),
      fc.nat({ max: 9 }).map((number) => `[${number}]`),
    );
    const documents: Record<string, string> = { lease, rules };
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const { answer, citations, answered, dropped } = resolveCitations(pieces.join(''), passages);
        expect(dropped).toBeGreaterThanOrEqual(0);
        expect(answered).toBe(citations.length > 0);
        for (const { documentId, start, end, quote } of citations) {
          expect(quote).toBe(documents[documentId]?.slice(start, end));
          expect(quote.trim()).toBe(quote);
          expect(quote).not.toBe('');
        }
        const named = new Set([...answer.matchAll(/\[(\d+)\]/g)].map((match) => Number(match[1])));
        for (let number = 1; number <= citations.length; number += 1) expect(named).toContain(number);
      }),
      { numRuns: 500 },
    );
  });

  it('name no missing citation where an answer has only markers and words', () => {
    const piece = fc.constantFrom(
      'Залог возвращается',
      ' keys',
      '. ',
      ' [1]',
      '[2]',
      '[3, 1]',
      '[7]',
      '[0]',
      '[1-3]',
      '[2, 9]',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const { answer, citations } = resolveCitations(pieces.join(''), passages);
        const named = [...answer.matchAll(/\[([^\]]*)\]/g)].map((match) => Number(match[1]));
        for (const number of named) expect(number >= 1 && number <= citations.length).toBe(true);
      }),
    );
  });

  it('stay quick on an answer made of markers', () => {
    expect(resolveCitations('keys [3]'.repeat(2_000), passages).citations.length).toBe(1);
    expect(resolveCitations(`${'[1,'.repeat(20_000)}${'[ '.repeat(20_000)}`, passages).answered).toBe(false);
  });
});
