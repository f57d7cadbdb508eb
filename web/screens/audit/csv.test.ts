import { expect, it } from 'vitest';
import { csvLine } from './csv.ts';

it('quotes what would end a cell', () => {
  expect(csvLine(['a', 'b,c', 'say "no"', 'two\nlines'])).toBe('a,"b,c","say ""no""","two\nlines"\r\n');
});

it.each(['=1+1', '+7', '-2', '@sum', '\tx'])('makes no formula of %j', (cell) => {
  expect(csvLine([cell]).replaceAll('"', '')).toBe(`'${cell}\r\n`);
});
