import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const page = await readFile(join(root, 'docs/finding-things.md'), 'utf8');
const rows = Array.from(
  page.matchAll(/^\| (?!behaviour|---)(.+?) \| `(.+?)` \| `(.+?)` \| `(.+?)` \|$/gm),
  ([, behaviour = '', folder = '', file = '', symbol = '']) => ({ behaviour, folder, file, symbol }),
);

/** A listing that is longer hides its files. */
const MOST_FILES = 30;

describe('docs/finding-things.md', () => {
  it('has a row for each line of its table', () => {
    expect(rows.length).toBe((page.match(/^\|/gm)?.length ?? 0) - 2);
    expect(rows.length).toBeGreaterThan(17);
  });

  it.each(rows)('finds $behaviour', async ({ folder, file, symbol }) => {
    const listed = (await readdir(join(root, folder))).filter((name) => !/\.(test|fixture)\.ts$/.test(name));
    expect(listed).toContain(file);
    expect(listed.length).toBeLessThanOrEqual(MOST_FILES);
    expect(await readFile(join(root, folder, file), 'utf8')).toMatch(new RegExp(`\\b${symbol}\\b`));
  });
});
