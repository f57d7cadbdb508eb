import { describe, expect, it } from 'vitest';
import { createRandom, type Damage, damages, isRightPlace, pick } from '../fixtures/damages.ts';
import { hardClauses } from '../fixtures/hard-texts.ts';
import { fold, type Span } from './fold.ts';
import { place } from './place.ts';

/** Share of quotes that have to be found in spite of a damage; a wrong place is never right. */
const leastRight: Record<Damage, number> = {
  nothing: 1,
  'header before': 1,
  'other breaks and signs': 1,
  'watermark in the middle': 0.9,
  'columns the other way': 0.4,
  '1 % misread': 0.9,
};

interface Counts {
  right: number;
  refused: number;
  wrong: string[];
}

function hardQuote(seed: number): { page: string; span: Span; other: string } {
  const random = createRandom(seed);
  const clauses = hardClauses(random);
  const chosen = pick(random, clauses.length);
  const before = clauses.slice(0, chosen).join('\n');
  const start = chosen === 0 ? 0 : before.length + 1;
  const other = hardClauses(random).join('\n');
  return { page: clauses.join('\n'), span: { start, end: start + (clauses[chosen] as string).length }, other };
}

describe.each(Object.entries(damages))('a layer with %s', (name, damage) => {
  it('has each of many repeated clauses in its own place or in none', () => {
    const counts: Counts = { right: 0, refused: 0, wrong: [] };
    const random = createRandom(7);
    const total = 30;
    for (let seed = 1; seed <= total; seed += 1) {
      const { page, span } = hardQuote(seed);
      const layer = damage(page.replaceAll('\n', ' '), random);
      const marks = place(fold(page), span, fold(layer.text));
      if (!marks) counts.refused += 1;
      else if (isRightPlace(marks, span, layer)) counts.right += 1;
      else
        counts.wrong.push(`seed ${seed}: ${marks.map(({ start, end }) => layer.text.slice(start, end)).join(' … ')}`);
    }
    expect(counts.wrong).toEqual([]);
    expect(counts.right / total).toBeGreaterThanOrEqual(leastRight[name as Damage]);
  });
});

it('no clause has a place on another page with the same clauses', () => {
  const placed: unknown[] = [];
  for (let seed = 1; seed <= 20; seed += 1) {
    const { page, span, other } = hardQuote(seed);
    const marks = place(fold(page), span, fold(other));
    if (marks) placed.push([seed, page.slice(span.start, span.end), marks]);
  }
  expect(placed).toEqual([]);
});

describe('place', () => {
  const found = (page: string, quote: string, layer: string, from = 0) => {
    const start = page.indexOf(quote, from);
    const marks = place(fold(page), { start, end: start + quote.length }, fold(layer));
    return marks?.map((mark) => layer.slice(mark.start, mark.end));
  };
  const head = 'Договор найма жилого помещения заключён в городе Туле';
  const clause = 'Наниматель обязан своевременно вносить плату за пользование жилым помещением.';
  const tail = 'Реквизиты и подписи сторон: Иванов И. И., Петров П. П.';

  it('leaves out what stands in the middle of a quote', () => {
    const layer = `${head} Наниматель обязан своевременно КОПИЯ ВЕРНА вносить плату за пользование жилым помещением. ${tail}`;
    expect(found(`${head}\n${clause}\n${tail}`, clause, layer)).toEqual([
      'Наниматель обязан своевременно',
      'вносить плату за пользование жилым помещением.',
    ]);
  });

  it('has no place for a quote with other figures', () => {
    const page = `${head}\nПлата составляет 45 000 рублей в месяц без налога.\n${tail}`;
    const quote = 'Плата составляет 45 000 рублей в месяц без налога.';
    expect(found(page, quote, `${page} 2`)).toEqual([quote]);
    expect(found(page, quote, page.replace('45 000', '48 000'))).toBeUndefined();
    expect(found(page, quote, page.replace('45 000', '145 000'))).toBeUndefined();
  });

  it('has no place for a quote that the layer lacks', () => {
    expect(found(`${head}\n${clause}\n${tail}`, clause, `${head} ${tail}`)).toBeUndefined();
    expect(found(`${head}\n${clause}\n${tail}`, clause, '')).toBeUndefined();
  });

  it('has no place for white space alone', () => {
    expect(place(fold('a \n b'), { start: 1, end: 4 }, fold('a b'))).toBeUndefined();
  });

  it('takes a page whose every line is the same only as a whole', () => {
    const page = Array.from({ length: 6 }, () => clause).join('\n');
    const second = { start: clause.length + 1, end: 2 * clause.length + 1 };
    expect(place(fold(page), second, fold(`5 ${page}`))).toEqual([{ start: second.start + 2, end: second.end + 2 }]);
    expect(place(fold(page), second, fold(page.replace('вносить', 'внасить').repeat(2)))).toBeUndefined();
  });
});

describe('fold', () => {
  it('makes two readings of the same words alike', () => {
    const other = 'ДОГО\u00adВОР\u00a0 №\u202f5 – о́пись оﬃсных столов | ёлка';
    expect(fold(other).text).toBe(fold('Договор № 5 - опись офи\nсных столов елка'.replace('офи', 'оffi')).text);
  });

  it('knows where each letter comes from', () => {
    const source = 'a \u00ad ﬁx 𝐀й';
    const folded = fold(source);
    expect(folded.text).toBe('afixaи');
    expect([...folded.starts].map((start, at) => source.slice(start, folded.ends[at]))).toEqual([
      'a',
      'ﬁ',
      'ﬁ',
      'x',
      '𝐀',
      'й',
    ]);
  });
});
