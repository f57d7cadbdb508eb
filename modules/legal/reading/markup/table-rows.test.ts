import { describe, expect, it } from 'vitest';
import { createTableRows, type TableCell } from './table-rows.ts';

const cells = (...texts: string[]): TableCell[] => texts.map((text) => ({ lines: text === '' ? [] : [text] }));
const strong = (...texts: string[]) => cells(...texts).map((cell) => ({ ...cell, strong: true }));

describe('the rows of a table', () => {
  it('name the headings of their columns, and what reaches down into them', () => {
    const table = createTableRows();
    expect(table.row({ cells: cells('Год', 'Месяц', 'Плата'), isHeader: true })).toEqual(['Год | Месяц | Плата']);
    const [year = { lines: [] }, ...rest] = cells('2025', 'январь', '120 000');
    expect(table.row({ cells: [{ ...year, rows: 2 }, ...rest] })).toEqual([
      'Год: 2025 | Месяц: январь | Плата: 120 000',
    ]);
    expect(table.row({ cells: cells('февраль', '130 000') })).toEqual(['Год: 2025 | Месяц: февраль | Плата: 130 000']);
    expect(table.row({ cells: cells('2026', 'март', '') })).toEqual(['Год: 2026 | Месяц: март']);
  });

  it('show what the cell above shows where they say so', () => {
    const table = createTableRows();
    table.row({ cells: cells('a', 'b') });
    const goesOn = [{ lines: [], goesOn: true }, ...cells('c')];
    expect(table.row({ cells: goesOn })).toEqual(['a | c']);
    expect(table.row({ cells: goesOn })).toEqual(['a | c']);
  });

  it('take headings of several rows together, and a heading over several columns for each', () => {
    const table = createTableRows();
    const [stage = { lines: [] }, sum = { lines: [] }] = strong('Этап', 'Сумма');
    table.row({
      cells: [
        { ...stage, rows: 2 },
        { ...sum, columns: 2 },
      ],
    });
    expect(table.row({ cells: strong('без НДС', 'с НДС') })).toEqual(['Этап | без НДС | с НДС']);
    expect(table.row({ cells: cells('1', '100', '120') })).toEqual([
      'Этап: 1 | Сумма, без НДС: 100 | Сумма, с НДС: 120',
    ]);
    const [total = { lines: [] }, both = { lines: [] }] = cells('Итого', '120');
    expect(table.row({ cells: [{ ...total, columns: 2 }, both] })).toEqual(['Итого | Сумма, с НДС: 120']);
  });

  it('know headings that nothing marks by the values below, from three columns on', () => {
    const table = createTableRows();
    table.row({ cells: cells('№', 'Товар', 'Цена') });
    expect(table.row({ cells: cells('1', 'Стол', '5 000 ₽') })).toEqual(['№: 1 | Товар: Стол | Цена: 5 000 ₽']);
    const pairs = createTableRows();
    pairs.row({ cells: cells('Арендатор', 'ООО «Василёк»') });
    expect(pairs.row({ cells: cells('Срок', '10 дней') })).toEqual(['Срок | 10 дней']);
  });

  it('are not named by the first of pairs whose names are bold, nor where all rows are bold', () => {
    for (const next of [strong('Employee', '[name]'), [...strong('Employee'), ...cells('[name]')]]) {
      const table = createTableRows();
      table.row({ cells: strong('Employer', '[legal name]') });
      expect(table.row({ cells: next })).toEqual(['Employee | [name]']);
      expect(table.row({ cells: cells('Law', 'California') })).toEqual(['Law | California']);
    }
  });

  it('are not named by what is no heading: repeated headings, numbers of columns, a line over all columns', () => {
    const table = createTableRows();
    table.row({ cells: strong('Товар', 'Цена') });
    expect(table.row({ cells: cells('1', '2') })).toEqual(['1 | 2']);
    expect(table.row({ cells: [{ lines: ['Мебель'], columns: 2 }] })).toEqual(['Мебель']);
    expect(table.row({ cells: cells('Товар', 'Цена') })).toEqual(['Товар | Цена']);
  });

  it('are one line with headings however many paragraphs a cell has, and their paragraphs without', () => {
    const rows = [{ lines: ['ООО «А»', 'ИНН 77'] }, { lines: ['да'] }];
    expect(createTableRows().row({ cells: rows })).toEqual(['ООО «А»', 'ИНН 77', 'да']);
    const table = createTableRows();
    table.row({ cells: strong('Сторона', 'Согласие') });
    expect(table.row({ cells: rows })).toEqual(['Сторона: ООО «А»; ИНН 77 | Согласие: да']);
  });
});
