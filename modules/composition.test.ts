import { globSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { compose } from '../platform/kernel/composition.ts';
import { ConfigurationError, defineVariable, readEnvironment, type Variable } from '../platform/kernel/environment.ts';
import { defineProblem, Problem, type ProblemDefinition } from '../platform/kernel/problem.ts';
import * as platformProblems from '../platform/kernel/problems.ts';
import * as platformVariables from '../platform/kernel/variables.ts';
import { composition } from './composition.ts';

const root = join(import.meta.dirname, '..');
const platformTypes = new Set(Object.values(platformProblems).map(({ type }) => type));
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

/** In the order in which their files define them. */
const files = [
  'platform/kernel',
  ...['people', 'commerce', 'models', 'pictures', 'bots', 'legal'].map((name) => `modules/${name}`),
];
const written = files.flatMap((folder) => {
  const text = readFileSync(join(root, folder, 'variables.ts'), 'utf8');
  return [...text.matchAll(/^export const (\w+) = define\w+\(\s*'(\w+)'/gm)].map(([, constant, name]) => ({
    constant,
    name,
  }));
});
const variables = written.map(
  ({ name }) => composition.variables.find((variable) => variable.name === name) as Variable,
);

const mistakesOf = (source: Record<string, string>) => {
  try {
    readEnvironment(variables, source);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.mistakes;
    throw error;
  }
  return [];
};

describe('the variables of all modules', () => {
  it('are joined, each under the name of its constant', () => {
    expect(written.map(({ name }) => name).toSorted()).toEqual(
      composition.variables.map(({ name }) => name).toSorted(),
    );
    expect(written.filter(({ constant, name }) => constant !== name)).toEqual([]);
  });

  it.each(['variables.ts', 'problems.ts'])('stand in every %s that there is', (file) => {
    const places = globSync(`{platform,modules,functions,workers}/**/${file}`, { cwd: root }).map((path) =>
      join(path, '..'),
    );
    expect(files).toEqual(expect.arrayContaining(places));
    const joined = readFileSync(join(import.meta.dirname, 'composition.ts'), 'utf8');
    for (const place of places) expect(joined).toMatch(new RegExp(`${place.split('/').at(-1)}/${file}'`));
  });

  it('are unknown to the kernel, like every name of a module', () => {
    const own = new Set(Object.keys(platformVariables));
    const names = composition.variables.map(({ name }) => name).filter((name) => !own.has(name));
    const types = composition.problems.map(({ type }) => type).filter((type) => !platformTypes.has(type));
    expect(names.length).toBeGreaterThan(30);
    const known = globSync('platform/kernel/**/*.ts', { cwd: root, exclude: ['**/*.test.ts'] }).flatMap((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      const words = new Set(text.match(/[A-Z][A-Z0-9_]+|[a-z]+(?:-[a-z]+)+/g));
      return [...names, ...types].filter((name) => words.has(name)).map((name) => `${path}: ${name}`);
    });
    expect(known).toEqual([]);
  });
});

describe('.env.example', () => {
  const text = readFileSync(new URL('../.env.example', import.meta.url), 'utf8');
  const [reference = ''] = text.split('\n# Only docker-compose.prod.yml reads');
  const entries = [...reference.matchAll(/^# (.+)\n#([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(([, about, name, value]) => ({
    about,
    name,
    value: value ?? '',
  }));
  const example = Object.fromEntries(entries.map(({ name, value }) => [name, value]));

  it('names every variable in the order of the code, with its description', () => {
    const expected = variables.map(({ name, about }) => ({ name, about }));
    expect(entries.map(({ name, about }) => ({ name, about }))).toEqual(expected);
  });

  it('sets nothing as long as no line is changed', () => {
    expect(text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
  });

  it('names the range of every number as the code holds it', () => {
    const isNumber = (name: string) =>
      mistakesOf({ [name]: 'many' })
        .join()
        .includes('whole number');
    const taken = (name: string, value: number) => mistakesOf({ [name]: String(value) }).length === 0;
    const ranges = entries.flatMap(({ name, about }) => {
      const [, low, high] = /\((\d+) to (\d+)\)$/.exec(about ?? '') ?? [];
      return low ? [{ name: name as string, low: Number(low), high: Number(high) }] : [];
    });
    expect(ranges.map(({ name }) => name)).toEqual(variables.map(({ name }) => name).filter(isNumber));
    for (const { name, low, high } of ranges) {
      const at = [low - 1, low, high, high + 1].map((value) => taken(name, value));
      expect({ name, at }).toEqual({ name, at: [false, true, true, false] });
    }
  });

  it('shows the defaults of the code', () => {
    const defaults = readEnvironment(variables, {});
    expect(readEnvironment(variables, example)).toEqual(defaults);
    const shown = entries.filter(({ value }) => value !== '').map(({ name }) => name);
    const withDefault = variables.map(({ name }) => name).filter((name) => String(defaults[name] ?? '') !== '');
    expect(shown).toEqual(withDefault);
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

  it('refuses a variable that two modules define', () => {
    const define = () => ({ TAKEN: defineVariable('TAKEN', () => z.string().optional(), 'Taken') });
    expect(() => compose({ people: { variables: define() }, legal: { variables: define() } })).toThrow(
      'Compose variable "TAKEN": defined by people and by legal',
    );
  });
});
