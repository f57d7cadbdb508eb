import { expect, it } from 'vitest';
import { questionWords } from './question-words.ts';

const names = (question: string) =>
  questionWords(question).flatMap(({ isName, start, end }) => (isName ? [question.slice(start, end)] : []));

it.each([
  ['Under the Lease between Acme and John Doe, who pays?', ['Lease', 'Acme', 'John', 'Doe']],
  ['Сколько платит ООО «Ромашка» по договору № 17? Когда?', ['ООО', 'Ромашка', '17']],
  ['WHO PAYS THE RENT?', []],
  ['who pays under the acme lease', []],
  ['Меня уволили. Можно оспорить?', []],
  ['«Ромашка» платит?', ['Ромашка']],
])('takes for names in "%s" what is written large within a sentence: %j', (question, expected) => {
  expect(names(question)).toEqual(expected);
});
