import { expect, it } from 'vitest';
import { plural } from './plural.ts';

const documents = { one: 'документ', few: 'документа', many: 'документов', other: 'документа' };

it.each([
  [1, '1 документ'],
  [2, '2 документа'],
  [5, '5 документов'],
  [11, '11 документов'],
  [21, '21 документ'],
  [1243, '1 243 документа'],
])('counts %i documents in Russian', (count, text) => {
  expect(plural('ru', count, documents).replace(/\s/gu, ' ')).toBe(text);
});

it('takes the general form where a language has no other', () => {
  expect(plural('en', 2, { one: 'document', other: 'documents' })).toBe('2 documents');
  expect(plural('en', 1, { other: 'sheep' })).toBe('1 sheep');
});
