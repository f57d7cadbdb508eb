import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { followLogs } from './follow-logs.ts';
import { listParts } from './log-parts.ts';
import { BEGINNING, readPlaces, writePlaces } from './log-place.ts';
import { rotateLog } from './rotate-log.ts';
import { type LogSearch, searchLogs } from './search-logs.ts';
import type { ShownLine } from './shown-line.ts';

const folder = await mkdtemp(join(tmpdir(), 'logs-'));
afterAll(() => rm(folder, { recursive: true }));
const log = (name: string) => join(folder, `${name}.log`);
const START = Date.UTC(2026, 0, 31, 9);
const lineAt = (second: number, more: object = {}) =>
  `${JSON.stringify({ level: 'info', time: new Date(START + second * 1000).toISOString(), process: 'x', ...more })}\n`;
const numbered = (from: number, to: number, more: object = {}) =>
  Array.from({ length: to - from }, (_, index) =>
    lineAt(from + index, { message: `line ${from + index}`, ...more }),
  ).join('');
const numbers = (lines: readonly ShownLine[]) => lines.map(({ message }) => Number(message.split(' ')[1]));
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
const search = (more: Partial<LogSearch> = {}) =>
  searchLogs({ folder, names: ['ask'], filter: {}, limit: 10, ...more });

beforeEach(async () => {
  for (const part of [...(await listParts(log('ask'))), ...(await listParts(log('auth')))]) await rm(part.path);
  await writeFile(log('ask'), '');
  await writeFile(log('auth'), '');
});

describe('searchLogs', () => {
  it('goes through all that is kept page by page, over parts and lines that two of them share', async () => {
    await appendFile(log('ask'), numbered(0, 300));
    await rotateLog(log('ask'), new Date(START + 300_000));
    await appendFile(log('ask'), numbered(300, 600));
    await rotateLog(log('ask'), new Date(START + 600_000));
    await appendFile(log('ask'), numbered(600, 700));
    expect(await listParts(log('ask'))).toHaveLength(2);
    const pages: number[][] = [];
    let from: LogSearch['from'];
    do {
      const { lines, next } = await search({ limit: 97, from });
      pages.unshift(numbers(lines));
      from = next && readPlaces(writePlaces(next));
    } while (from);
    expect(pages.flat()).toEqual(range(0, 700));
  });

  it('keeps its place when the log is rotated between two pages', async () => {
    await appendFile(log('ask'), numbered(0, 400));
    const first = await search({ limit: 100 });
    await rotateLog(log('ask'), new Date(START + 400_000));
    await appendFile(log('ask'), numbered(400, 500));
    const second = await search({ limit: 100, from: first.next });
    expect([...numbers(second.lines), ...numbers(first.lines)]).toEqual(range(200, 400));
  });

  it('mixes logs by their times, and names whose line it is', async () => {
    await appendFile(log('ask'), lineAt(1, { message: 'a' }) + lineAt(4, { message: 'd' }));
    await appendFile(log('auth'), lineAt(2, { message: 'b' }) + lineAt(3, { message: 'c' }));
    const { lines } = await search({ names: ['ask', 'auth'] });
    expect(lines.map(({ unit, message }) => [unit, message])).toEqual([
      ...[
        ['ask', 'a'],
        ['auth', 'b'],
        ['auth', 'c'],
        ['ask', 'd'],
      ],
    ]);
  });

  it('finds by level, request, words and time', async () => {
    await appendFile(
      log('ask'),
      [
        lineAt(1, { message: 'one', requestId: 'r-1' }),
        lineAt(2, { message: 'two', level: 'warn', requestId: 'r-2' }),
        lineAt(3, { message: 'three', level: 'error', error: { name: 'E', message: 'r-1' } }),
        lineAt(4, { message: 'FOUR', level: 'debug' }),
      ].join(''),
    );
    const found = async (filter: LogSearch['filter']) => (await search({ filter })).lines.map(({ message }) => message);
    expect(await found({ level: 'warn' })).toEqual(['two', 'three']);
    expect(await found({ request: 'r-1' })).toEqual(['one']);
    expect(await found({ text: 'four' })).toEqual(['FOUR']);
    expect(await found({ since: START + 2_000, until: START + 3_000 })).toEqual(['two', 'three']);
    expect(await found({ text: 'five' })).toEqual([]);
  });

  it('ends early where it would take too long, and is continued from there', async () => {
    await appendFile(log('ask'), numbered(0, 5_000));
    const seen: number[] = [];
    let from: LogSearch['from'];
    let turns = 0;
    do {
      const { lines, next } = await search({ from, filter: { text: 'line 777' }, budgetBytes: 70_000 });
      seen.push(...numbers(lines));
      from = next;
      turns++;
    } while (from);
    expect(seen).toEqual([777]);
    expect(turns).toBeGreaterThan(2);
  });

  it('shows no word that an error repeats, nor what a program printed as it fell', async () => {
    const secret = 'Сколько стоит развод';
    const error = {
      name: 'SyntaxError',
      message: `Unexpected token, "${secret}" is not valid JSON`,
      stack: '    at a.ts:1',
    };
    await appendFile(
      log('ask'),
      lineAt(1, { level: 'error', message: 'Request failed', error: { ...error, cause: error } }),
    );
    await appendFile(log('ask'), `Error: no answer to "${secret}"\n    at x (/a/b.js:1:1)\n`);
    const { lines } = await search();
    expect(JSON.stringify(lines)).not.toContain('развод');
    expect(lines.map(({ level }) => level)).toEqual(['error', null, null]);
    expect(lines[0]?.fields).toMatchObject({ error: { name: 'SyntaxError', stack: error.stack } });
  });

  it('finds words in what is shown alone, so that no guess of what is hidden can be confirmed', async () => {
    const token = 'sk-4f9c27d1e6';
    const error = { name: 'AiFailure', message: `The key ${token} of anna@example.org was refused` };
    await appendFile(log('ask'), lineAt(1, { level: 'error', message: 'Request failed', error }));
    await appendFile(log('ask'), `Error: the key ${token} was refused\n`);
    const found = async (text: string) => (await search({ filter: { text } })).lines.length;
    for (const guess of [token, 'sk-4f', 'anna', 'e6 of']) expect([guess, await found(guess)]).toEqual([guess, 0]);
    expect([await found('was REFUSED'), await found('<token>'), await found('AiFailure')]).toEqual([2, 2, 1]);
    const follow = followLogs({
      ...{ folder, names: async () => ['ask'], filter: { text: token }, lookMs: 5 },
      ...{ from: new Map([['ask', BEGINNING]]), signal: AbortSignal.timeout(5_000) },
    });
    for await (const { lines, places } of follow) {
      expect(lines).toEqual([]);
      if (places.get('ask')?.at) break;
    }
  });

  it('takes an empty log, a missing one and a place that was removed as nothing', async () => {
    expect(await search()).toMatchObject({ lines: [], next: undefined });
    expect(await search({ names: ['none'] })).toMatchObject({ lines: [], next: undefined });
    const from = new Map([['ask', { part: 1, at: 5_000_000 }]]);
    expect(await search({ from })).toMatchObject({ lines: [], next: undefined });
    expect(readPlaces('!')).toBeUndefined();
  });
});

describe('followLogs', () => {
  it('tells each line once, over a rotation and an interruption, from where a search ended', async () => {
    await appendFile(log('ask'), numbered(0, 200));
    const { end } = await search();
    const told: number[] = [];
    let from = end;
    const until = async (last: number) => {
      const over = new AbortController();
      const names = async () => ['ask'];
      for await (const { lines, places } of followLogs({
        folder,
        names,
        filter: {},
        from,
        signal: over.signal,
        lookMs: 5,
      })) {
        told.push(...numbers(lines));
        from = readPlaces(writePlaces(places));
        if (told.at(-1) === last) over.abort();
      }
    };
    await appendFile(log('ask'), numbered(200, 250));
    await until(249);
    // No one follows, and the log is rotated twice.
    await appendFile(log('ask'), numbered(250, 400));
    await rotateLog(log('ask'), new Date(START + 400_000));
    await appendFile(log('ask'), numbered(400, 600));
    await rotateLog(log('ask'), new Date(START + 600_000));
    const writing = (async () => {
      for (let n = 600; n < 900; n += 20) {
        await appendFile(log('ask'), numbered(n, n + 20));
        if (n === 700) await rotateLog(log('ask'), new Date(START + 700_000));
      }
    })();
    await until(899);
    await writing;
    expect(told).toEqual(range(200, 900));
  });

  it('misses nothing of a log that was not there yet when the search ended, nor while no one followed', async () => {
    const all = ['ask', 'late', 'later'];
    const { end } = await search({ names: all });
    const told: number[] = [];
    const until = async (last: number, from: LogSearch['from']) => {
      const over = new AbortController();
      const follow = followLogs({ folder, names: async () => all, filter: {}, from, signal: over.signal, lookMs: 5 });
      for await (const { lines, places } of follow) {
        told.push(...numbers(lines));
        if (told.at(-1) === last) return readPlaces(writePlaces(places));
      }
    };
    await writeFile(log('late'), numbered(0, 3));
    const place = await until(2, end);
    await writeFile(log('later'), numbered(3, 5));
    await until(4, place);
    expect(told).toEqual(range(0, 5));
  }, 10_000);

  it('waits for the end of a line, takes logs that come, and tells of what is no longer kept', async () => {
    const over = new AbortController();
    const all = ['ask'];
    const from = new Map([['ask', { part: 5, at: 100_000 }]]);
    const messages: string[] = [];
    const gaps: boolean[] = [];
    await appendFile(log('auth'), lineAt(3, { message: 'auth' }));
    const follow = followLogs({ folder, names: async () => all, filter: {}, from, signal: over.signal, lookMs: 5 });
    for await (const { lines, isGap } of follow) {
      messages.push(...lines.map(({ message }) => message));
      gaps.push(isGap);
      if (gaps.length === 1)
        await appendFile(log('ask'), lineAt(1, { message: 'whole' }) + lineAt(2, { message: 'half' }).slice(0, 30));
      if (messages.at(-1) === 'whole') {
        await appendFile(log('ask'), lineAt(2, { message: 'half' }).slice(30));
        all.push('auth');
      }
      if (messages.length === 3) over.abort();
    }
    expect(gaps[0]).toBe(true);
    expect(messages.toSorted()).toEqual(['auth', 'half', 'whole']);
  });
});
