import { appendFile, copyFile, mkdtemp, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { type LogPosition, readNew } from './follow-log.ts';

const folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
afterAll(() => rm(folder, { recursive: true }));
const path = join(folder, 'ask.log');
let position: LogPosition;
beforeEach(async () => {
  position = { inode: 0, offset: 0 };
  for (const name of ['ask.log', 'ask.log.1', 'ask.log.2']) await rm(join(folder, name), { force: true });
});
const read = async () => Buffer.concat(await Array.fromAsync(readNew(path, position))).toString();

it('gives each whole line once, also after it was asked by another', async () => {
  expect(await read()).toBe('');
  await writeFile(path, 'one\ntw');
  expect(await read()).toBe('one\n');
  await appendFile(path, 'o\nthree\n');
  position = structuredClone(position);
  expect(await read()).toBe('two\nthree\n');
  expect(await read()).toBe('');
});

it('reads a log to its end that was copied and emptied', async () => {
  await writeFile(path, 'one\n');
  expect(await read()).toBe('one\n');
  await appendFile(path, 'two\n');
  await copyFile(path, `${path}.1`);
  await truncate(path);
  await appendFile(path, '3\n');
  expect(await read()).toBe('two\n3\n');
  await appendFile(path, 'four\n');
  expect(await read()).toBe('four\n');
});

it('reads a log to its end that was renamed', async () => {
  await writeFile(path, 'one\n');
  expect(await read()).toBe('one\n');
  await appendFile(path, 'two\n');
  await rename(path, `${path}.2`);
  await writeFile(path, 'three is longer than what was before\n');
  expect(await read()).toBe('two\nthree is longer than what was before\n');
});

it('starts over when what was before is gone', async () => {
  await writeFile(path, 'one\ntwo\n');
  await read();
  await truncate(path);
  await appendFile(path, 'new\n');
  expect(await read()).toBe('new\n');
});

it('leaves out a line that is too long to be one, and waits for no end of it', async () => {
  await writeFile(path, `${'x'.repeat(1024 * 1024)}`);
  expect(await read()).toBe('');
  await appendFile(path, 'x\nafter\n');
  expect(await read()).toMatch(/after\n$/);
});
