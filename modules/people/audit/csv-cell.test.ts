import { expect, it } from 'vitest';
import { csvCell } from './csv-cell.ts';

it.each([
  ['', ''],
  ['plain text', 'plain text'],
  ['a,b', '"a,b"'],
  ['say "no"', '"say ""no"""'],
  ['two\nlines', '"two\nlines"'],
  ['=1+1', "'=1+1"],
  ['+7 916', "'+7 916"],
  ['-1', "'-1"],
  ['@sum', "'@sum"],
  ['=HYPERLINK("x","y")', '"\'=HYPERLINK(""x"",""y"")"'],
])('writes %j as %j', (text, cell) => {
  expect(csvCell(text)).toBe(cell);
});
