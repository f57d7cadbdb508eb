import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findContents } from './contents.ts';
import { isContentsEntry } from './line-marks.ts';

const tables = (text: string) => findContents(text).map(({ start, end }) => text.slice(start, end));
const body = 'Статья 1. Предмет\n\nДоговор заключён о том и об этом, а также о другом, о чём стороны условились.\n';

describe('a table of contents', () => {
  it('is a run of entries with dots and page numbers', () => {
    const table = 'Статья 1. Предмет.......... 3\nСтатья 2. Срок\t12\n\nСтатья 3. Ответственность сторон    17';
    expect(tables(`Договор\n\n${table}\n\n${body}`)).toEqual([table]);
  });

  it('is known by its caption and by what comes again below', () => {
    const text = `Содержание\n\nСтатья 1. Предмет\nСтатья 2. Срок\nСтатья 3. Цена\n\n${body}Статья 2. Срок\n\n${body}Статья 3. Цена\n\n${body}`;
    expect(tables(text)).toEqual(['Содержание\n\nСтатья 1. Предмет\nСтатья 2. Срок\nСтатья 3. Цена']);
  });

  it('may be a single line', () => {
    const table =
      'TABLE OF CONTENTS     ARTICLE I DEFINITIONS    1     Section 1.01 Terms    1   Section 1.02 Accounting    4';
    expect(tables(`Cover     ${table}     ARTICLE I DEFINITIONS. Terms are used as follows.`)).toEqual([table]);
  });

  it('continues over its pages and lists of annexes', () => {
    const table =
      'TABLE OF CONTENTS\nArticle 1 - Definitions 1\nSection 1.1 Terms 1\nSection 1.2 Rules 9\n\nii\nArticle 2 - Term 10\n\nLIST OF EXHIBITS\nExhibit A: Prices\nExhibit B: Products\nExhibit C: Form';
    expect(
      tables(`${table}\n\nARTICLE 1 - DEFINITIONS\n\nText that runs on for long enough to be a paragraph.`),
    ).toEqual([table]);
  });

  it('is no list of amounts, nor a word of the text', () => {
    expect(tables('The contents of this box are as follows.\n\nContents\n\nWe sell tea.\nWe sell rice.\n')).toEqual([]);
    expect(tables(`1. Rent is 500\n\n2. Deposit is 700\n\n${body}`)).toEqual([]);
  });
});

it('an entry is told as by one expression for all of it', () => {
  const expression = /(?:\.{3,}|…|(?:\. ){3,}|\t| {3,})\s*(?:\d{1,4}|[ivxl]{1,6})$/;
  const pieces = ['.', '. ', '…', ' ', '   ', '\t', '\u2003', '1', '12345', 'iv', 'a', 'Статья 1'];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 12 }), (parts) => {
      const line = parts.join('').trim();
      expect(isContentsEntry(line)).toBe(expression.test(line));
    }),
    { numRuns: 20_000 },
  );
});
