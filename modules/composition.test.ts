import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { compose } from '../platform/kernel/composition.ts';
import { defineProblem, Problem, type ProblemDefinition } from '../platform/kernel/problem.ts';
import { composition } from './composition.ts';

const entries = composition.problems.map((each) => [each.type, each] as const);
const parameters = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).toSorted();

describe('the problems of all modules', () => {
  it('stand in docs/problems.md as they are here', async () => {
    const rows = entries.map(
      ([type, { status, title, detail }]) =>
        `| \`${type}\` | ${status} | **${title.en}.** ${detail.en} | **${title.ru}.** ${detail.ru} |`,
    );
    const documented = await readFile(new URL('../docs/problems.md', import.meta.url), 'utf8');
    const listed = documented.split('\n').filter((line) => line.startsWith('| `'));
    expect(listed.toSorted()).toEqual(rows.toSorted());
    const statuses = listed.map((line) => Number(line.split('|')[2]));
    expect(statuses).toEqual(statuses.toSorted((a, b) => a - b));
  });

  it.each(entries)('fill the same parameters into both languages of %s', (_, { title, detail }) => {
    expect(parameters(detail.ru)).toEqual(parameters(detail.en));
    expect(parameters(title.ru + title.en)).toEqual([]);
  });

  it.each(entries)(
    'say %s in Russian and in English, in sentences without a full stop at their end',
    (_, { title, detail }) => {
      for (const text of [title.en, detail.en]) expect(text).toMatch(/^[A-Z][^Ѐ-ӿ]*[^.]$/);
      for (const text of [title.ru, detail.ru]) expect(text).toMatch(/^(?:[А-Я]|Idempotency).*[а-яё].*[^.]$/s);
    },
  );

  it.each(entries)('give %s the status of an error', (_, { status }) => {
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(600);
  });

  it('are thrown by definition, so that a name which does not exist is a type error', () => {
    // @ts-expect-error: no definition
    const unknown = () => new Problem('quota-exceeded');
    expect(unknown).toBeTypeOf('function');
  });
});

describe('compose', () => {
  it('refuses a problem that two modules define', () => {
    const define = (): Record<string, ProblemDefinition> => ({
      taken: defineProblem('taken', 409, ['Taken', 'It is taken'], ['Занято', 'Это занято']),
    });
    expect(() => compose({ people: { problems: define() }, legal: { problems: define() } })).toThrow(
      'Compose problem "taken": defined by people and by legal',
    );
  });
});
