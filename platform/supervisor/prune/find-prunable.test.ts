import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findPrunable, type PruneScope } from './find-prunable.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
  for (const name of ['releases', 'cache', 'logs']) await mkdir(join(folder, name));
});
afterEach(() => rm(folder, { recursive: true }));

const day = (number: number) => new Date(Date.UTC(2026, 2, number));
async function write(path: string, bytes: number, at: Date): Promise<void> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, Buffer.alloc(bytes));
  for (const each of [file, dirname(file)]) await utimes(each, at, at);
}
const found = async (more: Partial<PruneScope> = {}) => {
  const folders = { releases: join(folder, 'releases'), cache: join(folder, 'cache'), logs: join(folder, 'logs') };
  const limits = { fileBytes: 1_000, budgetBytes: 4_000, keepDays: 30 };
  const units = [{ name: 'ask', inUse: ['one'] }];
  const all = await findPrunable({ folders, units, sites: ['web'], keep: 2, limits, now: day(10), ...more });
  return all.map(({ what, name, path, bytes }) => `${what} ${name} ${path.slice(folder.length + 1)} ${bytes}`);
};

it('leaves the newest releases and what is in use, whatever their age', async () => {
  for (const [index, id] of ['one', 'two', 'three', 'four'].entries()) {
    await write(`releases/ask/${id}/main.js`, 500, day(index + 1));
  }
  expect(await found()).toEqual(['release ask releases/ask/two 500']);
  expect(await found({ keep: 3 })).toEqual([]);
});

it('finds compiled code that is older than any release that stays, and that of units that are gone', async () => {
  for (const [index, id] of ['two', 'three', 'four'].entries()) {
    await write(`releases/ask/${id}/main.js`, 500, day(index + 1));
  }
  await write('cache/ask/v24/old', 70, new Date(day(1).getTime() + 1_000));
  await write('cache/ask/v24/new', 80, new Date(day(3).getTime() + 1_000));
  await write('cache/gone/v24/any', 90, day(9));
  await write('cache/web/work', 60, day(1));
  expect(await found()).toEqual([
    'release ask releases/ask/two 500',
    'compiled code ask cache/ask/v24/old 70',
    'compiled code gone cache/gone/v24/any 90',
  ]);
});

it('finds the oldest parts of the log that takes most, beyond a quarter of what all may take', async () => {
  await write('logs/ask.log', 100, day(9));
  for (const number of [1, 2, 3]) await write(`logs/ask.log.2026030${number}T000000000Z.gz`, 400, day(number));
  await write('logs/quiet.log', 50, day(9));
  expect(await found()).toEqual(['log ask logs/ask.log.20260301T000000000Z.gz 400']);
});
