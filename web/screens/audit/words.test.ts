import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { words } from './words.ts';

it('has words for each act of an organization that the documentation names', async () => {
  const page = await readFile(join(import.meta.dirname, '../../../docs/people.md'), 'utf8');
  const rows = page.split('\n').filter((line) => /^\| (sessions|people and keys|data|the organization) \|/.test(line));
  const named = rows.flatMap((row) => [...row.matchAll(/`([a-z]+(?:-[a-z]+)+)`/g)].map(([, act = '']) => act));
  expect(rows).toHaveLength(4);
  for (const { acts } of [words.en, words.ru]) expect(named.filter((act) => !acts[act])).toEqual([]);
  expect(Object.keys(words.ru.acts)).toEqual(Object.keys(words.en.acts));
});
