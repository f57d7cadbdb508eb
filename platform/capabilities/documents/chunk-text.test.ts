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
  for (const [index, chunk] of chunkText(text, []).entries()) {
    expect(chunk.ordinal).toBe(index);
    expect(chunk.start).toBe(position);
    expect(chunk.end).toBeGreaterThan(chunk.start);
    expect(chunk.end - chunk.start).toBeLessThanOrEqual(1400);
    position = chunk.end;
  }
  expect(position).toBe(text.length);
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

  it('are found in megabytes of any shape', { timeout: 20_000 }, () => {
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
      '«',
      '– ',
    ];
    for (const shape of shapes) expect(join(shape.repeat(2_000_000 / shape.length)).length).toBeGreaterThan(1_900_000);
  });
});
