import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { Problem, type ProblemName, pickLanguage, problems, toProblemDocument } from './problem.ts';

const entries = Object.entries(problems) as [ProblemName, (typeof problems)[ProblemName]][];
const parameters = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).toSorted();

describe('the catalogue of problems', () => {
  it('stands in docs/problems.md as it is here', async () => {
    const rows = entries.map(
      ([type, { status, title, detail }]) =>
        `| \`${type}\` | ${status} | **${title.en}.** ${detail.en} | **${title.ru}.** ${detail.ru} |`,
    );
    const documented = await readFile(new URL('../../docs/problems.md', import.meta.url), 'utf8');
    const listed = documented.split('\n').filter((line) => line.startsWith('| `'));
    expect(listed.toSorted()).toEqual(rows.toSorted());
    const statuses = listed.map((line) => Number(line.split('|')[2]));
    expect(statuses).toEqual(statuses.toSorted((a, b) => a - b));
  });

  it.each(entries)('fills the same parameters into both languages of %s', (_, { title, detail }) => {
    expect(parameters(detail.ru)).toEqual(parameters(detail.en));
    expect(parameters(title.ru + title.en)).toEqual([]);
  });

  it.each(entries)(
    'says %s in Russian and in English, in sentences without a full stop at their end',
    (_, { title, detail }) => {
      for (const text of [title.en, detail.en]) expect(text).toMatch(/^[A-Z][^Ѐ-ӿ]*[^.]$/);
      for (const text of [title.ru, detail.ru]) expect(text).toMatch(/^(?:[А-Я]|Idempotency).*[а-яё].*[^.]$/s);
    },
  );

  it.each(entries)('gives %s the status of an error', (_, { status }) => {
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(600);
  });
});

describe('toProblemDocument', () => {
  it('shows parameters, mistakes and the request, and never the cause', () => {
    const problem = new Problem('file-too-large', {
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
