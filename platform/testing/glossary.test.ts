import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const text = await readFile(join(root, 'docs/glossary.md'), 'utf8');
const rows = [...text.matchAll(/^\| ([^|]+) \| ([^|]+) \| `([^`]+)` \|$/gm)].map(([, word, , folder]) => [
  word,
  folder,
]);

it.each(rows)('the glossary says truly where "%s" lives', (_, folder) => {
  expect(existsSync(join(root, folder as string))).toBe(true);
});

it('the glossary is in order', () => {
  expect(rows.length).toBeGreaterThan(30);
  const words = rows.map(([word]) => word as string);
  expect(words).toEqual(words.toSorted((a, b) => a.localeCompare(b, 'en')));
});
