import { expect, it } from 'vitest';
import { fileNameOf } from './download.ts';

it.each([
  ['attachment; filename="terms.pdf"', 'terms.pdf'],
  [`attachment; filename="_.pdf"; filename*=UTF-8''%D0%B4%D0%BE%D0%B3%D0%BE%D0%B2%D0%BE%D1%80.pdf`, 'договор.pdf'],
  [`attachment; filename="plain.pdf"; filename*=UTF-8''%E0%A4`, 'plain.pdf'],
  ['inline', undefined],
  [null, undefined],
])('reads the name in %s', (disposition, name) => {
  expect(fileNameOf(disposition)).toBe(name);
});
