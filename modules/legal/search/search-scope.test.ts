import { expect, it } from 'vitest';
import { readQuestion } from '../question/index.ts';
import { legalThesaurus } from '../text/index.ts';
import { documentName } from './document-names.ts';
import { replacedDocuments, titleWords } from './named-documents.ts';
import { queryOf } from './query.ts';
import { searchScope } from './search-scope.ts';

const make = (id: string, title: string, head = '') => documentName({ id, title, description: null, head });
const documents = [
  make('acme', 'scan-0017', 'LEASE AGREEMENT between Acme Widgets, Inc. and John Doe. The tenant pays rent.'),
  make('beta', 'Lease between Beta Foods and Jane Roe'),
  make('romashka', 'Договор поставки', 'ДОГОВОР ПОСТАВКИ № 15 между ООО «Ромашка» и АО «Вектор»'),
  make('labour', 'Трудовой кодекс Российской Федерации'),
  make('family', 'Семейный кодекс Российской Федерации'),
  ...Array.from({ length: 10 }, (_, index) => make(`other-${index}`, `Agreement ${index}`, 'Agreement of the parties')),
];
const scope = (question: string, allowed?: string[]) =>
  searchScope(readQuestion(question).meaning.sought, documents, allowed && new Set(allowed));

it.each([
  ['In the Lease between Acme Widgets and John Doe, who pays the rent?', ['acme']],
  ['Who pays the rent to Beta?', ['beta']],
  ['Какой срок поставки у Ромашки и Вектора?', ['romashka']],
  ['rent of beta foods', ['beta']],
  ['Какой отпуск положен по ТК РФ?', ['labour']],
  ['ст. 12 СК РФ', ['family']],
])('"%s" names %j', (question, expected) => {
  expect(scope(question)).toMatchObject({ documentIds: expected, isNamed: true });
});

it.each([
  'Who pays the rent?',
  'Can an Agreement be ended?',
  'What does the Tenant pay under the Lease?',
  'Acme?',
  'Что должен John?',
  '',
])('"%s" names none', (question) => {
  expect(scope(question)).toMatchObject({ isNamed: false });
  expect(scope(question).documentIds).toBeUndefined();
});

it.each([
  ['Какой срок поставки по договору с ООО «Ромашка»?', ['romashka']],
  ['По договору между АО „Вектор“ и обществом с ограниченной ответственностью "Ромашка": кто платит?', ['romashka']],
  ['What is the rent in the lease with Acme Widgets, Inc.?', ['acme']],
  ['What is the rent in the lease with Beta Foods LLC?', ['beta']],
])('"%s" is about the contract of that party alone', (question, expected) => {
  expect(scope(question)).toMatchObject({ documentIds: expected, isNamed: true, isExact: true });
});

it.each(['Какой срок по договору с АО «Ромашка»?', 'по договору с ООО «Ромашка Плюс»', 'the lease with Zenith LLC'])(
  '"%s" is about a party that no document has',
  (question) => {
    expect(scope(question)).toMatchObject({ isNamed: false, unknownParties: [{ name: expect.any(String) }] });
  },
);

it('knows the title of a version that was replaced, unless one in use is called so too', () => {
  const former = [
    { id: 'old', title: titleWords('rent_2023') },
    { id: 'same', title: titleWords('Договор поставки') },
    { id: 'word', title: titleWords('Agreement') },
  ];
  const named = (question: string) => replacedDocuments(question, former, documents, legalThesaurus().isTerm);
  expect(named('What is the rent in rent-2023.pdf?')).toEqual(['old']);
  expect(named('What is the rent in 2024?')).toEqual([]);
  expect(named('Какой срок в договоре поставки?')).toEqual([]);
  expect(named('Which Agreement is it?')).toEqual([]);
});

it('leaves of the question what does not name the document', () => {
  const { sought } = readQuestion('In the Lease between Acme Widgets and John Doe, who pays the rent?').meaning;
  const { naming } = searchScope(sought, documents, undefined);
  expect(queryOf(sought, naming).text).toBe('In the between and who pays the rent');
});

it('keeps to what the filters allow, also where a question names more', () => {
  expect(scope('Who pays the rent to Beta?', ['acme'])).toMatchObject({ documentIds: ['acme'], isNamed: false });
  expect(scope('Какой отпуск положен по ТК РФ?', ['family', 'labour'])).toMatchObject({ documentIds: ['labour'] });
});
