import { appendFile, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KillRow } from '../control/contract.ts';
import { type Kills, openKills } from './kills.ts';

let folder: string;
let path: string;
let errors: unknown[];
let opened: Kills[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
  path = join(folder, 'kills.jsonl');
  errors = [];
  opened = [];
});
afterEach(async () => {
  for (const kills of opened) await kills.close();
  await rm(folder, { recursive: true, force: true });
});

async function open(): Promise<Kills> {
  const kills = await openKills(path, { error: (details: unknown) => void errors.push(details) });
  opened.push(kills);
  return kills;
}
const row = (pid: number, unit = 'ask'): KillRow => ({
  ...{ at: '2030-01-01T00:00:00.000Z', unit, release: 'abc', pid },
  ...{ reason: 'memory', detail: 'took 412 MiB of 256' },
});

describe('the record of ended processes', () => {
  it('outlives the supervisor', async () => {
    const kills = await open();
    kills.record(row(1));
    kills.record(row(2, 'ingest'));
    await kills.close();
    expect((await open()).list()).toEqual([row(1), row(2, 'ingest')]);
    expect((await open()).list('ingest')).toEqual([row(2, 'ingest')]);
  });

  it('continues after a line that a supervisor was killed over', async () => {
    await writeFile(path, `${JSON.stringify(row(1))}\n{"at":"2030-01-01T0`);
    const kills = await open();
    kills.record(row(2));
    await kills.close();
    expect((await open()).list()).toEqual([row(1), row(2)]);
    expect((await readFile(path, 'utf8')).split('\n')).toHaveLength(3);
  });

  it('keeps a last line that only lacks its end', async () => {
    await writeFile(path, JSON.stringify(row(1)));
    const kills = await open();
    kills.record(row(2));
    await kills.close();
    expect((await open()).list()).toEqual([row(1), row(2)]);
  });

  it('passes over lines that say nothing', async () => {
    await writeFile(path, 'null\n7\n{"unit":"ask","reason":"whim"}\n');
    expect((await open()).list()).toEqual([]);
  });

  it('keeps the last 1,000', async () => {
    const rows = Array.from({ length: 1200 }, (_, pid) => row(pid));
    await appendFile(path, rows.map((each) => `${JSON.stringify(each)}\n`).join(''));
    const kills = await open();
    await kills.close();
    expect((await readFile(path, 'utf8')).trim().split('\n')).toHaveLength(1000);
    kills.record(row(1200));
    await kills.close();
    expect(kills.list()).toHaveLength(1000);
    expect(kills.list().at(-1)).toEqual(row(1200));
  });

  it('still answers and records when the disk takes nothing, and says so in the log', async () => {
    const kills = await open();
    await symlink('/dev/full', path);
    kills.record(row(1));
    kills.record(row(2));
    await kills.close();
    expect(kills.list()).toEqual([row(1), row(2)]);
    expect(errors).toHaveLength(2);
  });
});
