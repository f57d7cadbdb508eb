import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longestQuote, quotableSpans } from './quotable-spans.ts';

const pieces = (text: string) => quotableSpans(text).map(({ start, end }) => text.slice(start, end));

describe('quotable spans', () => {
  it('are the sentences', () => {
    expect(pieces('Rent is due monthly. See Art. 5 below.\n\nThe tenant pays.')).toEqual([
      'Rent is due monthly.',
      'See Art. 5 below.',
      'The tenant pays.',
    ]);
  });

  it('put a sentence together that line breaks tore apart', () => {
    expect(pieces('Арендатор вносит плату не позднее\n5 числа каждого\n  месяца. Пеня не начисляется.')).toEqual([
      'Арендатор вносит плату не позднее\n5 числа каждого\n  месяца.',
      'Пеня не начисляется.',
    ]);
  });

  it('leave headings alone', () => {
    expect(pieces('Payment\nThe tenant pays.\n\nTERM\n\nfive years')).toEqual([
      'Payment',
      'The tenant pays.',
      'TERM',
      'five years',
    ]);
  });

  it('cut a long sentence at the end of a clause', () => {
    const clause = `${'word '.repeat(50).trim()};`;
    expect(pieces(`${clause} ${clause} ${clause}`)).toEqual([clause, clause, clause]);
  });

  it('stay in order, apart, trimmed and short, and leave nothing but white space out', () => {
    const text = fc
      .array(
        fc.oneof(
          fc.string({ unit: 'grapheme' }),
          fc.constantFrom('. ', '\n', '; ', 'а', '😀'.repeat(300), 'x'.repeat(500)),
        ),
      )
      .map((all) => all.join(''));
    fc.assert(
      fc.property(text, (given) => {
        let last = 0;
        for (const { start, end } of quotableSpans(given)) {
          expect(given.slice(last, start).trim()).toBe('');
          expect(end).toBeGreaterThan(start);
          expect(end - start).toBeLessThanOrEqual(longestQuote);
          expect(given.slice(start, end)).toBe(given.slice(start, end).trim());
          last = end;
        }
        expect(given.slice(last).trim()).toBe('');
      }),
    );
  });
});
