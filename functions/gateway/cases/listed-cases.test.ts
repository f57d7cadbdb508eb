import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const text = await readFile(join(root, 'docs/gateway-cases.md'), 'utf8');
const rows = [...text.matchAll(/^\| (\d+(?:\.\d+)?) \|/gm)].map(([, number]) => number);
const named = [...text.matchAll(/`([\w./-]+\.test\.ts)`: (.*?)(?=<br>| \|)/g)].map(
  ([, file, title]) => [file, title] as [string, string],
);

it('the cases are all listed, in order', () => {
  const numbers = Array.from({ length: 39 }, (_, index) => `${index + 1}`);
  const parts = Array.from({ length: 11 }, (_, index) => `40.${index + 1}`);
  expect(rows).toEqual([...numbers, ...parts]);
  expect(named.length).toBeGreaterThan(rows.length);
});

it.each(named)('%s has the test "%s"', async (file, title) => {
  const source = await readFile(join(root, file), 'utf8');
  const titles = [...source.matchAll(/[\])\w]\(\s*(['"`])((?:\\.|(?!\1).)+)\1/g)].map(([, , found]) =>
    found?.replaceAll(/\\(['"`])/g, '$1'),
  );
  expect(titles).toContain(title);
});
