import { expect, it } from 'vitest';
import { stems } from '../../text/index.ts';
import { legalThesaurus } from './thesaurus.ts';
import { englishThesaurus } from './thesaurus-en.ts';
import { russianThesaurus } from './thesaurus-ru.ts';

const thesaurus = legalThesaurus();
const wordings = (question: string) =>
  thesaurus.notions(stems(question)).flatMap((notion) => notion.map((one) => one.join(' ')));

it.each([
  ['Как уволить сотрудника?', 'расторжение трудового договора'],
  ['Мы хотим развестись', 'расторжение брака'],
  ['Когда идут в декрет?', 'отпуск по беременности и родам'],
  ['Who can cancel?', 'terminate this agreement'],
  ['Where are disputes heard?', 'exclusive jurisdiction'],
])('"%s" is about "%s"', (question, wording) => {
  expect(wordings(question)).toContain([...new Set(stems(wording))].join(' '));
});

it('uses an entry only when all words of a left side are asked', () => {
  expect(wordings('за свой счет')).toContain(stems('отпуск без сохранения заработной платы').join(' '));
  expect(wordings('свой')).toEqual([]);
  expect(wordings('')).toEqual([]);
});

it.each([
  ['Russian', russianThesaurus],
  ['English', englishThesaurus],
])('has two sides with words in every line of the %s entries', (_, lines) => {
  const broken = lines
    .trim()
    .split('\n')
    .filter((line) => {
      const sides = line.split(':');
      return sides.length !== 2 || sides.some((side) => side.split(',').some((phrase) => stems(phrase).length === 0));
    });
  expect(broken).toEqual([]);
});
