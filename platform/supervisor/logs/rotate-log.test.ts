import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs, { closeSync, openSync } from 'node:fs';
import { appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keepLogs, partsToRemove } from './keep-logs.ts';
import { contentSize, listParts, markPath, partPath } from './log-parts.ts';
import { lastLines, linesOf, viewLog } from './read-log.ts';
import { rotateLog } from './rotate-log.ts';

let folder: string;
let log: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
  log = join(folder, 'ask.log');
  await writeFile(log, '');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const at = (time: string) => new Date(`2026-03-${time}Z`);
const line = (time: string, number: number) =>
  `${JSON.stringify({ level: 'info', time: at(time).toISOString(), message: 'Request', number })}\n`;
const lines = async (period = {}) => Array.fromAsync(linesOf(await viewLog(log), period));
const numbers = async (period = {}) => (await lines(period)).map((text) => JSON.parse(text).number);
const many = (time: string, from: number, count: number) =>
  Array.from({ length: count }, (_, index) => line(time, from + index)).join('');

describe('a rotation', () => {
  it('loses no line of processes that write at the same time, repeats none, and leaves each in its order', async () => {
    const program = `
      const { writeSync } = require('node:fs');
      let number = 0;
      const write = () => {
        for (let times = 0; times < 20; times++, number++) writeSync(1, process.argv[1] + ' ' + number + ' ' + 'x'.repeat(number % 300) + '\\n');
        setTimeout(write, 10);
      };
      process.on('SIGTERM', () => process.exit(0));
      write();
    `;
    const file = openSync(log, 'a');
    const writers = ['a', 'b'].map((name) =>
      spawn(process.execPath, ['-e', program, name], { stdio: ['ignore', file, 'inherit'] }),
    );
    closeSync(file);
    const ended = Promise.all(writers.map((writer) => once(writer, 'exit')));
    try {
      while ((await listParts(log)).length < 4) {
        await rotateLog(log);
        // Readers see all of it at any time.
        const seen = (await lines()).filter((text) => text.startsWith('a '));
        expect(seen.findIndex((text, index) => !text.startsWith(`a ${index} `) && index < seen.length - 1)).toBe(-1);
      }
    } finally {
      for (const writer of writers) writer.kill();
      await ended;
    }
    await rotateLog(log);
    const all = await lines();
    for (const name of ['a', 'b']) {
      const own = all.filter((text) => text.startsWith(`${name} `));
      expect(own.length).toBeGreaterThan(100);
      expect(own.findIndex((text, index) => text !== `${name} ${index} ${'x'.repeat(index % 300)}`)).toBe(-1);
    }
    expect(all.filter((text) => !/^[ab] \d+ x*$/.test(text))).toEqual([]);
    expect((await stat(log)).size).toBeLessThan(100_000);
  }, 30_000);

  it('that was killed before the content was taken from the log is done again', async () => {
    await appendFile(log, many('10T12:00:00', 0, 200));
    const content = await readFile(log);
    const part = partPath(log, at('10T13:00:00'));
    await writeFile(part, await promisify(gzip)(content.subarray(0, 8192)));
    await writeFile(markPath(log), basename(part));
    expect(await numbers()).toEqual(Array.from({ length: 200 }, (_, index) => index));
    await rotateLog(log, at('10T14:00:00'));
    expect(await numbers()).toEqual(Array.from({ length: 200 }, (_, index) => index));
    expect((await readdir(folder)).filter((name) => !name.endsWith('.gz'))).toEqual(['ask.log']);
  });

  it('that was killed after that keeps the part', async () => {
    await appendFile(log, many('10T12:00:00', 100, 100));
    const part = partPath(log, at('10T13:00:00'));
    await writeFile(part, await promisify(gzip)(many('10T11:00:00', 0, 100)));
    await writeFile(markPath(log), basename(part));
    await rotateLog(log, at('10T14:00:00'));
    expect(await numbers()).toEqual(Array.from({ length: 200 }, (_, index) => index));
  });

  it('is on the disk before the log loses it', async () => {
    await appendFile(log, many('10T12:00:00', 0, 200));
    const { size } = await stat(log);
    const sizes: number[] = [];
    const flush = fs.fsync;
    vi.spyOn(fs, 'fsync').mockImplementation((file, done) => {
      setTimeout(() => {
        sizes.push(fs.statSync(log).size);
        flush(file, done);
      }, 50);
    });
    await rotateLog(log).finally(() => vi.restoreAllMocks());
    expect(sizes[0]).toBe(size);
  });

  it('keeps the order when the clock went back', async () => {
    await appendFile(log, many('10T12:00:00', 0, 100));
    await rotateLog(log, at('10T13:00:00'));
    await appendFile(log, many('10T12:00:00', 100, 100));
    await rotateLog(log, at('09T13:00:00'));
    expect(await numbers()).toEqual(Array.from({ length: 200 }, (_, index) => index));
  });

  it('says in the part how much was taken', async () => {
    await appendFile(log, many('10T12:00:00', 0, 200));
    const { size } = await stat(log);
    await rotateLog(log);
    const [part] = await listParts(log);
    expect(part && (await contentSize(part)) + (await stat(log)).size).toBe(size);
    expect((await promisify(gunzip)(await readFile(part?.path as string))).length).toBeGreaterThan(4_095);
  });

  it('leaves alone what is less than a block', async () => {
    await appendFile(log, line('10T12:00:00', 1));
    await rotateLog(log);
    expect(await readdir(folder)).toEqual(['ask.log']);
  });
});

describe('lines of a period', () => {
  beforeEach(async () => {
    for (const hour of [10, 11, 12]) {
      await appendFile(log, many(`10T${hour}:30:00`, hour * 100, 100));
      if (hour < 12) await rotateLog(log, at(`10T${hour}:59:00`));
    }
  });

  it('come from rotated parts as well', async () => {
    const since = await numbers({ since: at('10T11:00:00') });
    expect([since.length, since[0], since.at(-1)]).toEqual([200, 1100, 1299]);
    const between = await numbers({ since: at('10T11:00:00'), until: at('10T12:00:00') });
    expect([between.length, between[0], between.at(-1)]).toEqual([100, 1100, 1199]);
    expect((await numbers({ until: at('10T11:00:00') })).length).toBe(100);
    expect(await numbers({ since: at('10T13:00:00') })).toEqual([]);
  });

  it('without a time belong to the line before', async () => {
    await appendFile(log, `    at first\n${line('10T14:00:00', 1)}    at second\n`);
    expect((await lines({ since: at('10T13:00:00') })).slice(1)).toEqual(['    at second']);
    expect((await lines({ until: at('10T13:00:00') })).at(-1)).toBe('    at first');
  });

  it('end with the last ones, which may begin in a part', async () => {
    const tail = await lastLines(await viewLog(log), 16_384);
    expect(tail.length).toBeGreaterThan(100);
    expect(JSON.parse(tail[0] as string).number).toBe(1300 - tail.length);
    const all = await lastLines(await viewLog(log), 1_000_000);
    expect(all.length).toBe(300);
  });

  it.each([
    ['PostgreSQL', '2026-03-10 12:30:00.250 UTC [7] LOG:  checkpoint', '10T12:30:00.250'],
    ['Redis', '7:M 10 Mar 2026 12:30:00.250 * Ready', '10T12:30:00'],
    ['Caddy', '{"level":"info","ts":1773145800.25,"msg":"serving"}', '10T12:30:00.250'],
  ])('have the times that %s writes', async (_, text, time) => {
    await writeFile(log, `${text}\n`);
    expect(await lines({ since: at(time), until: at(time) })).toEqual([text]);
  });
});

describe('what is kept', () => {
  const part = (name: string, time: string, bytes: number) => ({ path: name, endedAt: at(time), bytes });
  const limits = { budgetBytes: 100, keepDays: 30 };

  it('is all within the limits', () => {
    expect(partsToRemove([{ bytes: 50, parts: [part('a', '10T00:00:00', 50)] }], limits, at('11T00:00:00'))).toEqual(
      [],
    );
  });

  it('is not what is too old', () => {
    const logs = [{ bytes: 1, parts: [part('old', '01T00:00:00', 1), part('new', '02T00:00:00', 1)] }];
    expect(partsToRemove(logs, limits, at('31T12:00:00')).map(({ path }) => path)).toEqual(['old']);
  });

  it('is what others wrote when one log takes the most', () => {
    const loud = { bytes: 20, parts: ['3', '4', '5'].map((day) => part(`loud ${day}`, `0${day}T00:00:00`, 30)) };
    const quiet = { bytes: 5, parts: [part('quiet', '02T00:00:00', 5)] };
    expect(partsToRemove([loud, quiet], limits, at('11T00:00:00')).map(({ path }) => path)).toEqual(['loud 3']);
  });
});

it('case 13: a log that grows by 30 GB in a week is rotated within a minute and bounded, and keeps the newest lines', async () => {
  // Each look comes 10 s after the last, at a thousandth of the size: 50 bytes for each 50 KB, and limits to match.
  const limits = { fileBytes: 20_000, budgetBytes: 100_000, keepDays: 30 };
  const quiet = join(folder, 'quiet.log');
  await writeFile(quiet, line('10T12:00:00', 1));
  let now = at('10T12:00:00').getTime();
  for (let look = 0, number = 0; look < 150; look++) {
    now += 10_000;
    // Noise, so that compression does not hide the growth.
    const noise = () => Buffer.from(crypto.getRandomValues(new Uint8Array(400))).toString('base64');
    const text = Array.from({ length: 20 }, () =>
      JSON.stringify({ time: new Date(now), number: number++, noise: noise() }),
    );
    await appendFile(log, `${text.join('\n')}\n`);
    await keepLogs(folder, limits, new Date(now));
    expect((await stat(log)).size).toBeLessThanOrEqual(limits.fileBytes);
    const sizes = await Promise.all((await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(limits.budgetBytes);
  }
  const kept = (await lines()).slice(1).map((text) => JSON.parse(text).number);
  expect(kept.at(-1)).toBe(2_999);
  expect(kept.length).toBeGreaterThan(100);
  expect(kept.findIndex((number, index) => number !== (kept[0] as number) + index)).toBe(-1);
  expect(await readFile(quiet, 'utf8')).toContain('"number":1');
});

it('a quiet log is rotated each day, so that age can be told', async () => {
  await appendFile(log, many('10T12:00:00', 0, 100));
  const limits = { fileBytes: 1_000_000, budgetBytes: 1_000_000, keepDays: 2 };
  const now = Date.now();
  await keepLogs(folder, limits, new Date(now));
  expect(await listParts(log)).toEqual([]);
  await keepLogs(folder, limits, new Date(now + 25 * 3_600_000));
  expect(await listParts(log)).toHaveLength(1);
  await keepLogs(folder, limits, new Date(now + 75 * 3_600_000));
  expect(await listParts(log)).toEqual([]);
});
