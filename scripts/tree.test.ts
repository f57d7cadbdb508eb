import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

/*
 * The tree is the index: a listing is short enough to be read, and a folder holds more than one small file.
 */

const root = join(import.meta.dirname, '..');
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
});
const files = tracked.split('\n').filter((path) => /\.tsx?$/.test(path));
const folders = Map.groupBy(files, dirname);

const MOST_FILES = 25;
const SMALL_LINES = 20;
const isTest = (path: string) => /\.(test|fixture)\.tsx?$/.test(path);

it('no folder has more files than a screen shows', () => {
  const long = [...folders].flatMap(([folder, inside]) => {
    const count = inside.filter((path) => !isTest(path)).length;
    return count > MOST_FILES ? [`${folder}: ${count}`] : [];
  });
  expect(long).toEqual([]);
});

it('no folder is there for one small file', () => {
  const small = [...folders].flatMap(([folder, inside]) => {
    const [only, ...others] = inside.filter((path) => !isTest(path));
    const hasRooms = [...folders.keys()].some((other) => other.startsWith(`${folder}/`));
    if (only === undefined || others.length > 0 || hasRooms) return [];
    return readFileSync(join(root, only), 'utf8').split('\n').length <= SMALL_LINES ? [only] : [];
  });
  expect(small).toEqual([]);
});
