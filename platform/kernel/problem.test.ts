import { describe, expect, it } from 'vitest';
import { defineProblem, isProblem, Problem, pickLanguage, toProblemDocument } from './problem.ts';
import { notFound } from './problems.ts';

const fileTooLarge = defineProblem(
  'file-too-large',
  413,
  ['The file is too large', 'Your plan allows files of at most {limit} MB'],
  ['Файл слишком велик', 'Ваш тариф допускает файлы не больше {limit} МБ'],
);

describe('isProblem', () => {
  it('recognizes the named problems only', () => {
    const problem = new Problem(fileTooLarge);
    expect([isProblem(problem, notFound, fileTooLarge), isProblem(problem, notFound)]).toEqual([true, false]);
    expect(isProblem(new Error('file-too-large'), fileTooLarge)).toBe(false);
  });
});

describe('toProblemDocument', () => {
  it('shows parameters, mistakes and the request, and never the cause', () => {
    const problem = new Problem(fileTooLarge, {
      parameters: { limit: 5 },
      errors: [{ path: 'body.file', message: 'too large' }],
      cause: new Error('secret'),
    });
    expect(toProblemDocument(problem, 'ru', 'abc')).toEqual({
      ...{ type: 'urn:pandect:problem:file-too-large', title: 'Файл слишком велик', status: 413, limit: 5 },
      ...{ detail: 'Ваш тариф допускает файлы не больше 5 МБ', instance: 'urn:request:abc' },
      errors: [{ path: 'body.file', message: 'too large' }],
    });
  });
});

describe('pickLanguage', () => {
  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['ru', 'ru'],
    ['RU-ru', 'ru'],
    ['de, ru;q=0.5, en;q=0.4', 'ru'],
    ['ru;q=0.4, en;q=0.8', 'en'],
    ['ru;q=0', 'en'],
    ['*', 'en'],
    ['de', 'en'],
    [';;;=,,q=', 'en'],
    ['ru;q=high', 'en'],
  ])('takes "%s" for %s', (header, language) => {
    expect(pickLanguage(header)).toBe(language);
  });
});
