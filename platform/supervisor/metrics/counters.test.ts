import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { figuresPath } from '../../kernel/paths/figures-path.ts';
import { openCounters } from './counters.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const warnings: unknown[] = [];
const open = () => openCounters(join(folder, 'counters.json'), { warn: (...given: unknown[]) => warnings.push(given) });
const figures = (count: number) => `# TYPE requests counter\nrequests ${count}\n`;
const countOf = (text: string) => Number(/^requests (.+)$/m.exec(text)?.[1]);
const socket = (id: string) => join(folder, `${id}.sock`);

describe('counters', () => {
  it('case 16: never fall over the end of the supervisor, whatever became of its processes', async () => {
    const first = await open();
    const tell = async (id: string) => figures({ a: 100, b: 20, c: 3 }[id] as number);
    expect(countOf(await first.expose(['a', 'b', 'c'], tell, ''))).toBe(123);

    // `a` continues, `b` ended in good order, `c` crashed.
    const next = await open();
    await writeFile(figuresPath(socket('b')), figures(25));
    await next.end('b', socket('b'));
    await next.end('c', socket('c'));
    expect(countOf(await next.expose(['a'], async () => figures(101), ''))).toBe(126);
    expect(countOf(await next.expose(['a'], async () => figures(102), ''))).toBe(127);
  });

  it('wait for a process that does not answer', async () => {
    const first = await open();
    await first.expose(['a', 'b'], async () => figures(10), '');
    const next = await open();
    const halting = async (id: string) => {
      if (id === 'a') throw new Error('no answer');
      return figures(11);
    };
    expect(countOf(await next.expose(['a', 'b'], halting, ''))).toBe(20);
    expect(countOf(await next.expose(['a', 'b'], async () => figures(11), ''))).toBe(22);
    expect(countOf(await next.expose(['a', 'b'], halting, ''))).toBe(22);
  });

  it('count a process once that ends while it is asked', async () => {
    await writeFile(figuresPath(socket('a')), figures(6));
    const counters = await open();
    const text = counters.expose(
      ['a'],
      async () => {
        await counters.end('a', socket('a'));
        return figures(5);
      },
      '',
    );
    expect(countOf(await text)).toBe(6);
    expect(countOf(await counters.expose([], async () => '', ''))).toBe(6);
  });

  it('of the supervisor go on as well', async () => {
    expect(countOf(await (await open()).expose([], async () => '', figures(4)))).toBe(4);
    const next = await open();
    expect(countOf(await next.expose([], async () => '', figures(0)))).toBe(4);
    expect(countOf(await next.expose([], async () => '', figures(1)))).toBe(5);
  });

  it('count what happens, and go on with the next supervisor', async () => {
    const kills = { name: 'kills_total', type: 'counter', help: 'Kills' } as const;
    const killsOf = (text: string) => Number(/^kills_total\{unit="a"\} (.+)$/m.exec(text)?.[1]);
    const zeros = '# TYPE kills_total counter\nkills_total{unit="a"} 0\n';
    const first = await open();
    expect(killsOf(await first.expose([], async () => '', zeros))).toBe(0);
    first.count(kills, { unit: 'a' });
    await first.close();
    const next = await open();
    next.count(kills, { unit: 'a' });
    expect(killsOf(await next.expose([], async () => '', zeros))).toBe(2);
  });

  it('begin with nothing, and say so, where the file is damaged', async () => {
    await (await open()).expose([], async () => '', figures(4));
    const path = join(folder, 'counters.json');
    await writeFile(path, (await readFile(path, 'utf8')).slice(0, 20));
    expect(countOf(await (await open()).expose([], async () => '', figures(1)))).toBe(1);
    expect(warnings.length).toBe(1);
  });
});
