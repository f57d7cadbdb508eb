import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJournal } from './journal.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
  path = join(folder, 'journal.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const ask = { release: 'abc', history: [{ release: 'abc', at: '2026-01-31T00:00:00Z', action: 'deploy' as const }] };

const process = {
  unit: 'ask',
  role: 'current' as const,
  id: 'a1',
  release: 'abc',
  pid: 7,
  startTime: '12345',
  socket: '/run/ask/i-a1.sock',
  startedAt: '2026-01-31T00:00:00Z',
};

describe('openJournal', () => {
  it('begins empty and gives back what was saved', async () => {
    const journal = await openJournal(path);
    expect(journal.state).toEqual({ units: {}, processes: [] });
    journal.state.units.ask = ask;
    journal.state.processes = [process];
    await journal.save();
    expect((await openJournal(path)).state).toEqual({
      units: { ask },
      processes: [process],
    });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it.each(['', '{', '[]', '{"units":{"ask":{"release":1}}}'])(
    'says what to do about a file that is no journal: %s',
    async (text) => {
      await writeFile(path, text);
      await expect(openJournal(path)).rejects.toThrow(
        `Read journal "${path}": not readable; move it away to start with an empty one`,
      );
      expect(await readFile(path, 'utf8')).toBe(text);
    },
  );

  it('is not started over when the file cannot be read', async () => {
    await mkdir(path);
    await expect(openJournal(path)).rejects.toThrow('EISDIR');
  });

  it('is whole at every moment while it is saved over and over', async () => {
    const journal = await openJournal(path);
    journal.state.units.ask = { ...ask, history: Array.from({ length: 50 }, () => ask.history[0] as never) };
    await journal.save();
    let saving = true;
    const saved = Promise.all(Array.from({ length: 40 }, () => journal.save())).then(() => {
      saving = false;
    });
    while (saving) expect((await openJournal(path)).state).toEqual(journal.state);
    await saved;
    expect(await readdir(folder)).toEqual(['journal.json']);
  });

  it('keeps the old one when a save fails, and saves again when that is possible', async () => {
    const journal = await openJournal(path);
    await journal.save();
    await mkdir(`${path}.next`);
    journal.state.units.ask = ask;
    await expect(journal.save()).rejects.toThrow('EISDIR');
    expect((await openJournal(path)).state.units).toEqual({});
    await rm(`${path}.next`, { recursive: true });
    await journal.save();
    expect((await openJournal(path)).state.units).toEqual({ ask });
  });
});
