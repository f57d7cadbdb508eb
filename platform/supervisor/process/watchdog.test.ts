import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memoryCap } from './memory-cap.ts';
import { judge, startWatchdog, type Verdict, type WatchTarget } from './watchdog.ts';

describe('judge', () => {
  const cap = memoryCap(104);
  const mebibytes = (count: number) => count * 1024 * 1024;
  const fine = { bytes: mebibytes(100), above: 0, unanswered: 0 };

  it('lets a process be that is below its cap and answers', () => {
    expect(judge(fine, cap)).toEqual({ action: 'fine' });
    expect(judge({ ...fine, bytes: undefined }, cap)).toEqual({ action: 'fine' });
  });

  it('has one replaced that is above its cap three times in a row', () => {
    const above = { ...fine, bytes: mebibytes(250) };
    expect(judge({ ...above, above: 2 }, cap).action).toBe('fine');
    const detail = 'took 250 MiB of 200';
    expect(judge({ ...above, above: 3 }, cap)).toEqual({ action: 'replace', reason: 'memory', detail });
  });

  it('has one killed at once that is half as much above', () => {
    expect(judge({ ...fine, bytes: mebibytes(300), above: 1 }, cap).action).toBe('fine');
    const detail = 'took 301 MiB of 200';
    expect(judge({ ...fine, bytes: mebibytes(301), above: 1 }, cap)).toEqual({
      action: 'kill',
      reason: 'memory',
      detail,
    });
  });

  it('has one killed that left two questions in a row without an answer', () => {
    expect(judge({ ...fine, unanswered: 1 }, cap).action).toBe('fine');
    const detail = 'did not answer 2 times for 10 s';
    expect(judge({ ...fine, unanswered: 2 }, cap)).toEqual({ action: 'kill', reason: 'unresponsive', detail });
  });
});

describe('a watchdog', () => {
  let folder: string;
  const children: ChildProcess[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  /** A process that answers until it does what the program says. */
  const start = async (id: string, program: string): Promise<WatchTarget> => {
    const socket = join(folder, `${id}.sock`);
    const server = `require('http').createServer((_, response) => response.end('{}')).listen('${socket}', () => {
      console.log('ready'); ${program} });`;
    const child = spawn(process.execPath, ['-e', server], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    await once(child.stdout as NodeJS.ReadableStream, 'data');
    return { id, unit: 'probe', pid: child.pid as number, socket, memoryMiB: 32 };
  };

  /** Watches until one is condemned, or so many looks are over. */
  const watch = (targets: WatchTarget[], looks = Number.POSITIVE_INFINITY) => {
    const told: [string, Verdict][] = [];
    return new Promise<typeof told>((resolve) => {
      const end = () => {
        watchdog.stop();
        resolve(told);
      };
      const watchdog = startWatchdog({
        targets: () => {
          if (looks-- === 0) end();
          return targets;
        },
        onVerdict(target, verdict) {
          told.push([target.id, verdict]);
          if (verdict.action === 'kill') end();
        },
        sampleMs: 20,
        answerMs: 300,
      });
    });
  };

  it('has a process that grows replaced, and killed when it grows on', async () => {
    const quiet = await start('quiet', '');
    const leak = 'const held = []; setInterval(() => held.push(Buffer.alloc(2 * 1024 * 1024, 1)), 20);';
    const told = await watch([quiet, await start('leak', leak)]);
    expect(told.map(([id, { action }]) => [id, action])).toEqual([
      ['leak', 'replace'],
      ['leak', 'kill'],
    ]);
    expect(told[1]?.[1]).toMatchObject({ reason: 'memory', detail: expect.stringMatching(/^took \d+ MiB of 128$/) });
  });

  it('has a process killed that spins, and not those next to it', async () => {
    const quiet = await start('quiet', '');
    const told = await watch([quiet, await start('spin', 'setTimeout(() => { for (;;); }, 50);')]);
    expect(told).toMatchObject([['spin', { action: 'kill', reason: 'unresponsive' }]]);
  });

  it('says nothing of processes that are well, refuse or have closed their socket', async () => {
    const closed = { ...(await start('closed', '')), socket: join(folder, 'none.sock') };
    const refuses = await start('refuses', '');
    expect(await watch([closed, refuses, await start('quiet', '')], 40)).toEqual([]);
  });
});
