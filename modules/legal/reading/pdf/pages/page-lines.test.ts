import { describe, expect, it } from 'vitest';
import { pageLines } from './page-lines.ts';
import type { TextRun } from './text-run.ts';

const run = (str: string, y: number, hasEOL = true): TextRun => ({ str, transform: [11, 0, 0, 11, 72, y], hasEOL });

describe('the lines of a PDF page', () => {
  it('are parted where the page parts them, and by a blank line where the gap is wide', () => {
    expect(
      pageLines([run('One', 700, false), run(' and', 700), run('two.', 686), run('Three', 660), run('four.', 646)]),
    ).toBe('One and\ntwo.\n\nThree\nfour.');
  });

  it('are the same when the page is turned', () => {
    const turned = (str: string, x: number): TextRun => ({ str, transform: [0, 11, -11, 0, x, 72], hasEOL: true });
    expect(pageLines([turned('One', 100), turned('two.', 114), turned('Three', 140)])).toBe('One\ntwo.\n\nThree');
  });

  it('keep a printed soft hyphen as a hyphen and leave one at the end to be joined', () => {
    expect(pageLines([run('long\u00adterm con\u00ad', 700), run('tract', 686)])).toBe('long-term con\u00ad\ntract');
  });

  it('leave out what has no text', () => {
    expect(pageLines([{ type: 'beginMarkedContent' }, run('', 700), run(' ', 690), run('Text', 680)])).toBe('Text');
    expect(pageLines([])).toBe('');
  });

  /** Runs of one line, each [text, left, width, size, baseline]. */
  const line = (...runs: [string, number, number, number?, number?][]): TextRun[] =>
    runs.map(([str, x, width, size = 12, y = 700]) => ({
      str,
      transform: [size, 0, 0, size, x, y],
      width,
      hasEOL: false,
    }));

  it('keep raised and lowered figures apart from those on the line', () => {
    expect(pageLines(line(['Статья 15', 72, 60], ['1', 132, 5, 8, 705], ['. Хранение', 137, 70]))).toBe(
      'Статья 15¹. Хранение',
    );
    expect(
      pageLines(line(['п. 2', 72, 20], ['1', 92, 5, 9, 704], [' ', 97, 3], ['ст. 30', 100, 30], ['2', 130, 5, 9, 704])),
    ).toBe('п. 2¹ ст. 30²');
    expect(pageLines(line(['10', 72, 12], ['6', 84, 4, 7, 705]))).toBe('10⁶');
    expect(pageLines(line(['H', 72, 8], ['2', 80, 4, 8, 698], ['O', 84, 8]))).toBe('H₂O');
    expect(pageLines(line(['Статья 15', 72, 60], ['1', 132, 6, 12, 704], [' ГК', 138, 20]))).toBe('Статья 15¹ ГК');
  });

  it('keep them in the line when its end was seen before or behind them', () => {
    const raised = line(['Статья 15', 72, 60], ['1', 132, 4, 6, 707], ['. Хранение', 136, 70]);
    const ended = raised.map((each, index) => ({ ...each, hasEOL: index < 2 }));
    expect(pageLines(ended)).toBe('Статья 15¹. Хранение');
  });

  it('leave a line of small letters, a large first letter and notes at the foot as they are', () => {
    expect(pageLines(line(['1 Small print', 72, 60, 7]))).toBe('1 Small print');
    expect(pageLines(line(['A', 72, 20, 30], ['greement of lease', 92, 90]))).toBe('Agreement of lease');
    expect(pageLines(line(['1', 72, 4, 6, 704], [' The Landlord', 76, 60, 10]))).toBe('¹ The Landlord');
  });

  it('have what is drawn twice to look bold once', () => {
    expect(pageLines(line(['ДОГОВОР', 72, 70], ['ДОГОВОР', 72.3, 70]))).toBe('ДОГОВОР');
    const letters = line(['Д', 72, 10], ['ДО', 72.3, 20], ['ОГ', 82.3, 20], ['Г', 92.3, 10]);
    expect(pageLines(letters)).toBe('ДОГ');
    const lines = [run('АКТ', 700), run('сдачи', 686), run('АКТ', 700), run('сдачи', 686)];
    expect(pageLines(lines.map((each) => ({ ...each, width: 30 })))).toBe('АКТ\nсдачи');
  });

  it('close spaced-out words, not numbered columns', () => {
    expect(pageLines(line(['Д О Г О В О Р', 72, 120], [' ', 192, 20], ['А Р Е Н Д Ы', 212, 100]))).toBe(
      'ДОГОВОР АРЕНДЫ',
    );
    expect(pageLines(line(['платит е ж е м е с я ч н о 5 раз', 72, 190]))).toBe('платит ежемесячно 5 раз');
    expect(pageLines(line(['1 2 3 4 5', 72, 190]))).toBe('1 2 3 4 5');
  });
});
