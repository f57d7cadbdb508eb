import { describe, expect, it } from 'vitest';
import { paragraph, readDocxBody, run } from '../fixtures/make-docx.ts';

const word = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
const tc = (content: string, properties = '') => `<w:tc><w:tcPr>${properties}</w:tcPr>${content}</w:tc>`;
const cell = (text: string, properties = '') => tc(text === '' ? '<w:p/>' : paragraph(text), properties);
const bold = (text: string, properties = '') => tc(`<w:p>${run(text, '<w:b/>')}</w:p>`, properties);
const tr = (cells: string, properties = '') => `<w:tr><w:trPr>${properties}</w:trPr>${cells}</w:tr>`;
const tbl = (rows: string, properties = '') => `<w:tbl><w:tblPr>${properties}</w:tblPr>${rows}</w:tbl>`;
const years = [
  tr(cell('2024', '<w:vMerge w:val="restart"/>') + cell('январь') + cell('100 000')),
  tr(cell('', '<w:vMerge/>') + cell('февраль') + cell('110 000')),
  tr(cell('2025', '<w:vMerge w:val="restart"/>') + cell('январь') + cell('120 000')),
  tr(cell('', '<w:vMerge/>') + cell('февраль') + cell('130 000')),
].join('');
const last = 'Год: 2025 | Месяц: февраль | Плата: 130 000';

describe('a table of a Word document', () => {
  it.each([
    [
      'rows that repeat on each page',
      tbl(tr(['Год', 'Месяц', 'Плата'].map((text) => cell(text)).join(''), '<w:tblHeader/>') + years),
    ],
    ['a bold first row', tbl(tr(['Год', 'Месяц', 'Плата'].map((text) => bold(text)).join('')) + years)],
    ['a plain first row', tbl(tr(['Год', 'Месяц', 'Плата'].map((text) => cell(text)).join('')) + years)],
  ])('names its columns in each row by %s, and carries merged cells down', async (_, table) => {
    const lines = (await readDocxBody(table)).text.split('\n');
    expect(lines[0]).toBe('Год | Месяц | Плата');
    expect(lines.at(-1)).toBe(last);
  });

  it('has headings by its style', async () => {
    const styles = `<w:styles ${word}><w:style w:type="table" w:styleId="T"><w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr></w:tblStylePr></w:style></w:styles>`;
    const table = tbl(
      tr(cell('Товар') + cell('Цена')) + tr(cell('Стол') + cell('5 000')),
      '<w:tblStyle w:val="T"/><w:tblLook w:val="04A0"/>',
    );
    expect((await readDocxBody(table, { styles })).text).toBe('Товар | Цена\nТовар: Стол | Цена: 5 000');
  });

  it('has headings over several columns', async () => {
    const head =
      tr(bold('Этап') + bold('Сумма', '<w:gridSpan w:val="2"/>')) + tr(bold('№') + bold('без НДС') + bold('с НДС'));
    const table = tbl(head + tr(cell('1') + cell('100') + cell('120')));
    expect((await readDocxBody(table)).text).toMatch(/Сумма, без НДС: 100 \| Сумма, с НДС: 120$/);
  });

  it('keeps pairs without headings as they are', async () => {
    const table = tbl(tr(cell('Срок') + cell('10 дней')) + tr(cell('Цена') + cell('5 000')));
    expect((await readDocxBody(table)).text).toBe('Срок | 10 дней\nЦена | 5 000');
  });
});
