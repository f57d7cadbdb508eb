import { mkdir, mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listReleases, pruneReleases } from './releases.ts';

let releases: string;
beforeEach(async () => {
  releases = await mkdtemp(join(tmpdir(), 'pandect-test-'));
});
afterEach(() => rm(releases, { recursive: true, force: true }));

/** A release that was built in this minute. */
async function make(id: string, minute: number) {
  const folder = join(releases, 'ask', id);
  await mkdir(folder, { recursive: true });
  await utimes(folder, minute * 60, minute * 60);
}
const ids = async () => (await listReleases(releases, 'ask')).map(({ id }) => id);
const many = Array.from({ length: 14 }, (_, n) => `release-${String(n).padStart(2, '0')}`);

describe('listReleases', () => {
  it('lists them newest first and leaves out what is being built', async () => {
    await make('old', 1);
    await make('new', 3);
    await make('middle', 2);
    await make('.draft-7-abc', 4);
    expect(await ids()).toEqual(['new', 'middle', 'old']);
  });

  it('has none of a unit that was never built', async () => {
    expect(await listReleases(releases, 'unknown')).toEqual([]);
  });
});

describe('pruneReleases', () => {
  it('keeps the ten newest', async () => {
    for (const [minute, id] of many.entries()) await make(id, minute);
    await pruneReleases(releases, 'ask', []);
    expect(await ids()).toEqual(many.slice(4).toReversed());
  });

  it('keeps what is in use however old it is', async () => {
    for (const [minute, id] of many.entries()) await make(id, minute);
    await pruneReleases(releases, 'ask', ['release-00', 'release-02']);
    expect(await ids()).toEqual([...many.slice(4).toReversed(), 'release-02', 'release-00']);
  });
});
