import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isProcessId, USER_IDS, userIds } from './user-ids.ts';

let homes: string[];
beforeEach(async () => {
  homes = await Promise.all([1, 2, 3].map(() => mkdtemp(join(tmpdir(), 'pandect-test-'))));
});
afterEach(() => Promise.all(homes.map((home) => rm(home, { recursive: true, force: true }))));

describe.runIf(process.getuid?.() === 0)('userIds', () => {
  it('gives each name the same id at each start, and keeps the others when names are added', async () => {
    const [home] = homes as [string];
    const first = await userIds(home, ['edge', 'auth']);
    expect(await userIds(home, ['edge', 'auth'])).toEqual(first);
    const more = await userIds(home, ['ask', 'auth']);
    expect(more).toMatchObject(first);
    expect(new Set(Object.values(more)).size).toBe(3);
    expect(Object.values(more).every(isProcessId)).toBe(true);
    expect(JSON.parse(await readFile(join(home, USER_IDS), 'utf8'))).toEqual(more);
  });

  it('gives no id to two homes, though they start at once', async () => {
    const names = ['edge', 'redis', 'auth', 'ask'];
    const all = await Promise.all(homes.map((home) => userIds(home, names)));
    const ids = all.flatMap((each) => Object.values(each));
    expect(new Set(ids).size).toBe(homes.length * names.length);
  });

  it('gives new ids to a home that was copied, and leaves the original its own', async () => {
    const [original, copy] = homes as [string, string];
    const before = await userIds(original, ['edge', 'auth']);
    await writeFile(join(copy, USER_IDS), JSON.stringify(before));
    const copied = await userIds(copy, ['edge', 'auth']);
    expect(Object.values(copied).filter((id) => Object.values(before).includes(id))).toEqual([]);
    expect(await userIds(original, ['edge', 'auth'])).toEqual(before);
  });

  it('frees the ids of a home that is gone, and says so clearly when none is left', async () => {
    const [gone, home] = homes as [string, string];
    const { edge } = (await userIds(gone, ['edge'])) as { edge: number };
    const range = { first: edge, last: edge };
    await expect(userIds(home, ['edge'], range)).rejects.toThrow(
      `Prepare home "${home}": all user ids from ${edge} to ${edge} are in use; see /var/lib/pandect-ids`,
    );
    await rm(gone, { recursive: true });
    expect(await userIds(home, ['edge'], range)).toEqual({ edge });
    await expect(userIds(home, ['edge', 'auth'], range)).rejects.toThrow('are in use');
    expect(JSON.parse(await readFile(join(home, USER_IDS), 'utf8'))).toEqual({ edge });
  });
});
