import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const rows = [...read('docs/failure-modes.md').matchAll(/^\| (\d+)\. .*\| ([^|]*) \|$/gm)].map(
  ([, number, tests = '']) => ({
    number: Number(number),
    tests: [...tests.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path),
  }),
);
/** In the name of a test: `case 6: …`, or `… (cases 6 and 7)`. */
const namesCase = (text: string, number: number) =>
  [...text.matchAll(/^\s*it\b.*$/gm)].some(([line]) => new RegExp(`\\bcases? (\\d+ and )?${number}\\b`).test(line));

it('has a test for each operating case, which is named after it', () => {
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 17 }, (_, index) => index + 1));
  const unnamed = rows.flatMap(({ number, tests }) =>
    tests.filter((path) => !namesCase(read(path), number)).map((path) => `${number}: ${path}`),
  );
  expect(unnamed).toEqual([]);
  expect(rows.filter(({ tests }) => tests.length === 0)).toEqual([]);
});
