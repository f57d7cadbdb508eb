import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startLogPrinting } from './print-logs.ts';
import { rotateLog } from './rotate-log.ts';

let folder: string;
let printed: string;
const log = { warn: () => {} } as never;
const output = {
  write(lines: string) {
    printed += lines;
  },
};
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pandect-test-print-'));
  printed = '';
  await writeFile(join(folder, 'ask.log'), '{"message":"earlier"}\n');
});
afterEach(() => rm(folder, { recursive: true }));

const start = (lookMs = 10) => startLogPrinting({ folder, output, log, lookMs });
const append = (name: string, text: string) => appendFile(join(folder, `${name}.log`), text);

it('prints what comes, of logs that begin later too, and nothing twice', async () => {
  const printing = await start();
  await append('ask', '{"message":"one"}\n{"message":"t');
  await append('search', '{"message":"two"}\n');
  await printing.stop();
  expect(printed.split('\n').toSorted()).toEqual(['', '{"message":"one"}', '{"message":"two"}']);
});

it('makes JSON of a line that is none, and leaves out the log of the supervisor, which prints by itself', async () => {
  const printing = await start();
  await append('ask', 'Error: broken\n    at app.ts:1\n');
  await append('supervisor', '{"message":"mine"}\n');
  await printing.stop();
  expect(printed).toBe('{"process":"ask","message":"Error: broken"}\n{"process":"ask","message":"    at app.ts:1"}\n');
});

it('continues after a rotation', async () => {
  const printing = await start(60_000);
  const many = Array.from({ length: 500 }, (_, number) => `{"message":"line ${number}"}\n`);
  await append('ask', many.slice(0, 400).join(''));
  await rotateLog(join(folder, 'ask.log'));
  await append('ask', many.slice(400).join(''));
  await printing.stop();
  expect(printed).toBe(many.join(''));
});
