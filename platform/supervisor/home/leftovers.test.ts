import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findProcesses } from '../../services/processes.ts';
import { type TemporaryHome, temporaryHome } from '../../services/temporary-home.ts';
import { endLeftovers, endStrays } from './leftovers.ts';

/*
 * A worker and the processes below it, as those of a parser in a room are. The parser cannot be asked to end: as the first
 * process of its room it takes no SIGTERM.
 */
const parser = "trap '' TERM; while sleep 0.1; do :; done";
const keeper = 'sh -c "$1" "$0"; exit $?';
const worker = 'trap "kill -KILL $$" TERM; sh -c "$1" "$0" "$2" & wait';

let made: TemporaryHome;
let started: ChildProcess[];
beforeEach(async () => {
  made = await temporaryHome();
  started = [];
});
afterEach(async () => {
  for (const child of started) child.kill('SIGKILL');
  for (const { pid } of await found()) process.kill(pid, 'SIGKILL');
  await made.remove();
});

const place = () => join(made.home.releases, 'ingest', 'r1');
const found = () => findProcesses(`${made.home.releases}/`);

async function startWorker(): Promise<number> {
  const child = spawn('sh', ['-c', worker, place(), keeper, parser], { stdio: 'ignore' });
  started.push(child);
  await expect.poll(async () => (await found()).length, { timeout: 10_000 }).toBe(3);
  return child.pid as number;
}

describe('endStrays', () => {
  it('leaves what a known worker has started, however far below', async () => {
    const known = await startWorker();
    const before = await found();
    const lines: string[] = [];
    await endStrays(made.home, [known], (line) => lines.push(line));
    expect(lines).toEqual([]);
    expect((await found()).map(({ pid }) => pid)).toEqual(expect.arrayContaining(before.map(({ pid }) => pid)));
  });

  it('ends others, and leaves it to them to end what they have started', async () => {
    const stray = await startWorker();
    const lines: string[] = [];
    await endStrays(made.home, [], (line) => lines.push(line));
    expect(lines).toEqual([expect.stringContaining(`process ${stray},`)]);
  });
});

describe('endLeftovers', () => {
  it('asks a worker to end and not its parsers', async () => {
    await startWorker();
    const lines: string[] = [];
    await endLeftovers(made.home, (line) => lines.push(line));
    expect(lines).toEqual(['Ending functions and workers (1)']);
  });
});
