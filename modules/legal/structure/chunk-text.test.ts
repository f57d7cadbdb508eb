import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunkText } from './chunk-text.ts';

const join = (text: string) =>
  chunkText(text, [])
    .map(({ start, end }) => text.slice(start, end))
    .join('');
const sentence = 'Арендатор обязан вносить арендную плату в срок, указанный в договоре. ';

function expectSound(text: string): void {
  let position = 0;
  let unit = { start: 0, end: 0 };
  for (const [index, chunk] of chunkText(text, []).entries()) {
    expect(chunk.ordinal).toBe(index);
    expect(chunk.start).toBe(position);
    expect(chunk.end).toBeGreaterThan(chunk.start);
    expect(chunk.end - chunk.start).toBeLessThanOrEqual(1400);
    // Units tile the text as well, and begin and end with chunks.
    if (chunk.start === unit.end) unit = { start: chunk.unitStart, end: chunk.unitEnd };
    expect([chunk.unitStart, chunk.unitEnd]).toEqual([unit.start, unit.end]);
    expect(chunk.unitStart).toBeLessThanOrEqual(chunk.start);
    expect(chunk.unitEnd).toBeGreaterThanOrEqual(chunk.end);
    expect(chunk.unitEnd - chunk.unitStart).toBeLessThanOrEqual(9000);
    for (const label of chunk.headingPath) expect(label.length).toBeLessThanOrEqual(160);
    position = chunk.end;
  }
  expect(position).toBe(text.length);
  expect(unit.end).toBe(text.length);
}

describe('chunks', () => {
  it('joined in order are the text, and none is too large, whatever the text', () => {
    const pieces = fc.constantFrom(
      ...[
        'Статья 8.1. Основания\n',
        'Глава 2\n',
        '\n\n',
        '\n',
        ' ',
        '1.1. ',
        '(a) ',
        '# ',
        'Section 2. Term\n',
        '…… 5\n',
        sentence,
        'Содержание\n',
        'GENERAL TERMS\n\n',
        '   5\n',
        '2. Services. The ',
        sentence.repeat(30),
      ],
      ...[
        '😀',
        '\ud83d',
        '\u0301',
        'а',
        'x'.repeat(700),
        '1.'.repeat(300),
        '(('.repeat(400),
        ' '.repeat(900),
        '😀'.repeat(500),
      ],
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => expectSound(parts.join(''))),
      { numRuns: 300 },
    );
  });

  it('never cut a surrogate pair', () => {
    for (const shift of ['', 'x']) {
      const text = shift + '😀'.repeat(5000);
      for (const { start, end } of chunkText(text, [])) expect(text.slice(start, end).isWellFormed()).toBe(true);
    }
  });

  it('never cut a row of a table', () => {
    for (const length of [200, 700, 1100, 1340]) {
      const row = (index: number) => `Этап: ${index} | Описание: ${'работа '.repeat(length / 7)}| Сумма: ${index} 000`;
      const text = ['Смета', ...Array.from({ length: 12 }, (_, index) => row(index))].join('\n');
      for (const { end } of chunkText(text, []))
        expect(end === text.length || text[end - 1] === '\n' || text[end] === '\n').toBe(true);
    }
  });

  it('of an empty text are none', () => {
    expect(chunkText('', [])).toEqual([]);
  });

  it('begin with each article, its chapter before it', () => {
    const text = `ГЛАВА 1. ОБЩЕЕ\n\nСтатья 1. Предмет\n\n${sentence}\n\nСтатья 2. Срок\n\n${sentence}\n\nГЛАВА 2. ПРАВА\n\nСтатья 3. Права\n\n${sentence}`;
    const chunks = chunkText(text, []);
    expect(chunks.map(({ start }) => text.slice(start, start + 8))).toEqual(['ГЛАВА 1.', 'Статья 2', 'ГЛАВА 2.']);
    expect(chunks.map(({ headingPath }) => headingPath)).toEqual([
      ['ГЛАВА 1. ОБЩЕЕ', 'Статья 1. Предмет'],
      ['ГЛАВА 1. ОБЩЕЕ', 'Статья 2. Срок'],
      ['ГЛАВА 2. ПРАВА', 'Статья 3. Права'],
    ]);
  });

  it('lie in units: an article whole, the titled clauses of a contract each, the words before them', () => {
    const units = (text: string) => [
      ...new Set(chunkText(text, []).map(({ unitStart }) => text.slice(unitStart, unitStart + 12))),
    ];
    const points = Array.from({ length: 9 }, (_, index) => `${index + 1}. ${sentence.repeat(5)}`).join('\n');
    expect(units(`Статья 1. Плата\n${points}\n\nСтатья 2. Срок\n${points}`)).toEqual(['Статья 1. Пл', 'Статья 2. Ср']);
    const clauses = `1. ПЛАТА\n\n1.1. Размер платы. ${sentence.repeat(9)}\n\n1.2. Сроки. ${sentence.repeat(12)}\n\n2. СРОК\n\n2.1. ${sentence.repeat(4)}\n\n2.2. ${sentence.repeat(4)}`;
    expect(units(`ДОГОВОР\n\n${sentence.repeat(5)}\n\n${clauses}`)).toEqual([
      'ДОГОВОР\n\nАре',
      '1. ПЛАТА\n\n1.',
      '1.2. Сроки. ',
      '2. СРОК\n\n2.1',
    ]);
    const paragraphs = Array.from({ length: 20 }, () => sentence.repeat(6)).join('\n\n');
    for (const { unitStart, unitEnd } of chunkText(paragraphs, [])) {
      expect(unitEnd - unitStart).toBeGreaterThanOrEqual(1200);
      expect(unitEnd - unitStart).toBeLessThanOrEqual(2500);
    }
  });

  it('of a table of contents are under no heading of it', () => {
    const entries = Array.from({ length: 5 }, (_, index) => `Статья ${index + 1}. Предмет ........ ${index + 3}`).join(
      '\n',
    );
    const [first, ...rest] = chunkText(`Содержание\n\n${entries}\n\nСтатья 1. Предмет\n\n${sentence.repeat(20)}`, []);
    expect(first?.headingPath).toEqual(['Содержание']);
    for (const { headingPath } of rest) expect(headingPath).toEqual(['Статья 1. Предмет']);
  });

  it('of a long article keep its path and end at clauses, then sentences', () => {
    const clauses = Array.from({ length: 6 }, (_, index) => `1.${index + 1}. ${sentence.repeat(5)}`).join('\n');
    const text = `Статья 1. Плата\n\n${clauses}`;
    const chunks = chunkText(text, []);
    expect(chunks.length).toBeGreaterThan(2);
    for (const { start, headingPath } of chunks.slice(1)) {
      expect(text.slice(start)).toMatch(/^1\.\d\. Аренд/);
      expect(headingPath).toEqual(['Статья 1. Плата']);
    }
    const prose = sentence.repeat(60);
    for (const { start } of chunkText(prose, [])) expect(prose.slice(start)).toMatch(/^Арендатор/);
  });

  it('do not end a sentence at an abbreviation', () => {
    const text = `Стороны руководствуются ст. 5 и г. Москва п. 7 `.repeat(60);
    for (const { end } of chunkText(text, []).slice(0, -1)) expect(text.slice(0, end)).not.toMatch(/(?:ст|г|п)\. $/);
  });

  it('know the page on which they begin', () => {
    const page = `${sentence.repeat(30)}\n`;
    const text = page + page + page;
    const starts = [0, page.length, 2 * page.length];
    for (const chunk of chunkText(text, starts)) {
      expect(chunk.page).toBe(starts.filter((start) => start <= chunk.start).length);
    }
    expect(chunkText(text, [])[0]?.page).toBeNull();
  });

  it('are found in long texts of any shape', { timeout: 30_000 }, () => {
    const shapes = [
      'x',
      ' ',
      '1.',
      '((((',
      'Статья ',
      'Section 1.1.1',
      'a. ',
      '.',
      '\n',
      '# ',
      '1.1.1.1.1.1 ',
      '1. A ',
      'Contents\n',
      '   1\n',
      '1. Aa. B ',
      'WORD ',
      '«',
      '– ',
    ];
    for (const shape of shapes) expect(join(shape.repeat(500_000 / shape.length)).length).toBeGreaterThan(490_000);
  });
});
