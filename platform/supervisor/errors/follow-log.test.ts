import { appendFile, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { listParts } from '../logs/log-parts.ts';
import { rotateLog } from '../logs/rotate-log.ts';
import { type LogPosition, readNew, startOfLog } from './follow-log.ts';

const folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
afterAll(() => rm(folder, { recursive: true }));
let log: string;
let position: LogPosition;
let count = 0;
beforeEach(async () => {
  log = join(folder, `log-${count++}.log`);
  await writeFile(log, '');
  position = await startOfLog(log);
});
const read = async () => {
  position = structuredClone(position);
  return Buffer.concat(await Array.fromAsync(readNew(log, position))).toString();
};
const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => `${from + at} ${'x'.repeat((from + at) % 200)}\n`).join('');

it('gives each whole line once, and nothing of a log that is not there', async () => {
  await rm(log);
  expect(await read()).toBe('');
  await writeFile(log, 'one\ntw');
  expect(await read()).toBe('one\n');
  await appendFile(log, 'o\nthree\n');
  expect(await read()).toBe('two\nthree\n');
  expect(await read()).toBe('');
});

it('goes through rotations, read before, between and after them', async () => {
  let expected = 0;
  for (let round = 0; round < 6; round++) {
    await appendFile(log, lines(round * 300, round * 300 + 200));
    if (round % 2 === 0) {
      expect(await read()).toBe(lines(expected, round * 300 + 200));
      expected = round * 300 + 200;
    }
    await appendFile(log, lines(round * 300 + 200, round * 300 + 300));
    await rotateLog(log);
  }
  expect((await listParts(log)).length).toBeGreaterThanOrEqual(6);
  expect(await read()).toBe(lines(expected, 1_800));
  await appendFile(log, lines(1_800, 1_801));
  expect(await read()).toBe(lines(1_800, 1_801));
});

it('reads a line whose end was written after its beginning was rotated away', async () => {
  await appendFile(log, lines(0, 100).slice(0, -5));
  expect(await read()).toBe(lines(0, 99));
  await rotateLog(log);
  expect(await read()).toBe('');
  await appendFile(log, `${lines(0, 100).slice(-5)}${lines(100, 102)}`);
  expect(await read()).toBe(lines(99, 102));
});

it('continues when the part that was read last is gone by its age', async () => {
  await appendFile(log, lines(0, 200));
  await rotateLog(log);
  await read();
  await appendFile(log, lines(200, 400));
  await rotateLog(log);
  await rm((await listParts(log))[0]?.path ?? '');
  expect((await read()).endsWith(lines(399, 400))).toBe(true);
  await appendFile(log, lines(400, 401));
  expect(await read()).toBe(lines(400, 401));
});

it('begins with the file itself where nothing was read before', async () => {
  await appendFile(log, lines(0, 200));
  await rotateLog(log);
  position = await startOfLog(log);
  const left = await read();
  await appendFile(log, lines(200, 201));
  expect([left.length < lines(0, 200).length / 2, await read()]).toEqual([true, lines(200, 201)]);
});

it('starts over with another file of that name', async () => {
  await writeFile(log, 'one\ntwo\n');
  await read();
  await truncate(log);
  await appendFile(log, 'new\n');
  expect(await read()).toBe('new\n');
});

it('waits for no end of a line that is too long to be one', async () => {
  await writeFile(log, 'x'.repeat(1024 * 1024));
  expect(await read()).toBe('');
  await appendFile(log, 'x\nafter\n');
  expect(await read()).toMatch(/x\nafter\n$/);
});
