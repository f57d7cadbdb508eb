import { expect, it } from 'vitest';
import { detectLanguage } from './detect-language.ts';

it.each([
  ['Каков срок действия договора?', 'ru'],
  ['Что такое Confidential Information Agreement?', 'ru'],
  ['Неустойка', 'ru'],
  ['What is the term of the agreement?', 'en'],
  ['ООО «Ромашка» shall pay to the Contractor', 'en'],
  ['Penalty', 'en'],
  ['12 / 34', 'en'],
  ['', 'en'],
])('tells the language of "%s": %s', (text, language) => {
  expect(detectLanguage(text)).toBe(language);
});
