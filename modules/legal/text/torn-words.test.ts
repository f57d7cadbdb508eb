import { expect, it } from 'vitest';
import { joinTornWords } from './torn-words.ts';

it.each([
  ['неус-\nтойка', 'неустойка'],
  ['арен\u00ad\n\nдную плату', 'арендную плату'],
  ['обя‐\r\n  зуется', 'обязуется'],
  ['ДОГО-\nВОР', 'ДОГОВОР'],
  ['termi-\nnation', 'termination'],
  ['купли-\nпродажи', 'купли-продажи'],
  ['что-\nлибо', 'что-либо'],
  ['third-\nparty', 'third-party'],
  ['Санкт-\nПетербург', 'Санкт-\nПетербург'],
  ['ООО-\nРомашка', 'ООО-\nРомашка'],
  ['срок -\nдень', 'срок -\nдень'],
])('a word broken at a line’s end is whole on one line: "%s"', (text, joined) => {
  expect(joinTornWords(text)).toBe(joined);
});
