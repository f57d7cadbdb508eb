import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareTexts } from './compare-texts.ts';
import type { ComparedClause } from './contract.ts';

const lease = [
  'ДОГОВОР АРЕНДЫ',
  '1. Предмет договора',
  '1.1. Арендодатель передаёт, а Арендатор принимает помещение площадью 120 кв. м.',
  '1.2. Помещение используется под офис.',
  '2. Плата',
  '2.1. Арендная плата составляет 50 000 рублей в месяц.',
  '2.2. Плата вносится до пятого числа каждого месяца.',
  '3. Ответственность',
  '3.1. За просрочку Арендатор платит пени 0,1 % за каждый день.',
];
const text = (lines: readonly string[]) => lines.join('\n\n');
const changed = (line: number, words: string) => lease.map((each, at) => (at === line ? words : each));

/** What differs, as change, words before and words after. */
function differences(before: string, after: string) {
  const of = (whole: string, span: ComparedClause['before']) => (span ? whole.slice(span.start, span.end) : null);
  return compareTexts(before, after)
    .clauses.filter(({ change }) => change !== 'same')
    .map((clause) => [clause.change, of(before, clause.before), of(after, clause.after)]);
}

/** The later text made of the earlier one by the edits. */
function applied(before: string, after: string, { before: span, edits }: ComparedClause): string {
  let result = '';
  let at = span?.start ?? 0;
  for (const [start, end, from, to] of edits) {
    result += before.slice(at, start) + after.slice(from, to);
    at = end;
  }
  return result + before.slice(at, span?.end ?? 0);
}
const bare = (words: string) => words.replaceAll(/\s+/g, '');

describe('compareTexts', () => {
  it('finds nothing in equal texts, nor where only lines end elsewhere', () => {
    expect(differences(text(lease), text(lease))).toEqual([]);
    const broken = text(lease).replace('помещение площадью', 'помещение\nплощадью');
    expect(differences(text(lease), broken)).toEqual([]);
  });

  it('finds the word that was changed', () => {
    const after = text(changed(5, '2.1. Арендная плата составляет 65 000 рублей в месяц.'));
    const before = text(lease);
    const { clauses, counts } = compareTexts(before, after);
    const [clause] = clauses.filter(({ change }) => change !== 'same');
    expect(clause).toMatchObject({ change: 'changed', label: expect.stringContaining('2.1') });
    const [[start, end, from, to] = [0, 0, 0, 0], ...others] = clause?.edits ?? [];
    expect([before.slice(start, end), after.slice(from, to), others]).toEqual(['50', '65', []]);
    expect(counts).toMatchObject({ changed: 1, inserted: 0, removed: 0, wordsInserted: 1, wordsRemoved: 1 });
  });

  it('finds clauses that were inserted, and others renumbered by it', () => {
    const after = [
      ...lease.slice(0, 6),
      '2.2. Плата не включает коммунальные услуги, которые оплачиваются отдельно по счетам.',
      '2.3. Плата вносится до пятого числа каждого месяца.',
      ...lease.slice(7),
    ];
    expect(differences(text(lease), text(after))).toEqual([
      ['inserted', null, after[6]],
      ['renumbered', lease[6], after[7]],
    ]);
  });

  it('finds clauses that were removed or moved', () => {
    const removed = lease.filter((_, at) => at !== 3);
    expect(differences(text(lease), text(removed))).toEqual([['removed', lease[3], null]]);
    const moved = [...lease.filter((_, at) => at !== 5), '3.2. Арендная плата составляет 50 000 рублей в месяц.'];
    expect(differences(text(lease), text(moved))).toContainEqual(['moved', lease[5], moved.at(-1)]);
  });

  it('puts a removed clause before the one in its place', () => {
    const after = text(changed(3, '1.2. Субаренда и перепланировка запрещены без согласия собственника здания.'));
    expect(differences(text(lease), after).map(([change]) => change)).toEqual(['removed', 'inserted']);
  });

  it('compares texts without clauses by their paragraphs', () => {
    const words = (from: number) => Array.from({ length: 60 }, (_, at) => `word${from + at}`).join(' ');
    const paragraphs = Array.from({ length: 20 }, (_, at) => `${words(at * 60)}.`);
    const after = paragraphs.map((each, at) => (at === 7 ? each.replace('word430', 'other') : each));
    const found = differences(paragraphs.join('\n\n'), after.join('\n\n'));
    expect(found.map(([change]) => change)).toEqual(['changed']);
  });

  it('says exactly what makes the one of the other, whatever they hold', () => {
    const line = fc.oneof(
      fc.constantFrom(...lease, '', '(a) one', '(b) two', 'Статья 5. Иное', '٣', '👩‍⚖️ é', '1.', '—'),
      fc.string({ unit: 'grapheme', maxLength: 20 }),
    );
    const lines = fc.array(line, { maxLength: 25 }).map((each) => each.join('\n').normalize('NFC').trim());
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const { clauses } = compareTexts(before, after);
        const inAfter = clauses.flatMap((clause) => clause.after ?? []);
        expect(inAfter.map(({ start, end }) => bare(after.slice(start, end))).join('')).toBe(bare(after));
        const old = clauses.flatMap((clause) => clause.before ?? []).sort((a, b) => a.start - b.start);
        expect(old.map(({ start, end }) => bare(before.slice(start, end))).join('')).toBe(bare(before));
        for (const clause of clauses) {
          if (!clause.before || !clause.after) continue;
          const expected = bare(after.slice(clause.after.start, clause.after.end));
          expect(bare(applied(before, after, clause))).toBe(expected);
        }
      }),
      { numRuns: 300 },
    );
  });
});
