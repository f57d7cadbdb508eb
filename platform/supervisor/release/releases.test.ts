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
const roomy = async () => ({ freeBytes: 100 * 1024 ** 3, totalBytes: 100 * 1024 ** 3 });
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
    await pruneReleases(releases, 'ask', [], roomy);
    expect(await ids()).toEqual(many.slice(4).toReversed());
  });

  it('keeps what is in use however old it is', async () => {
    for (const [minute, id] of many.entries()) await make(id, minute);
    await pruneReleases(releases, 'ask', ['release-00', 'release-02'], roomy);
    expect(await ids()).toEqual([...many.slice(4).toReversed(), 'release-02', 'release-00']);
  });
});

it('case 14: a month of hourly deploys on a small disk leaves ten releases, two when it is short, and what serves', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pandect-test-'));
  const GIB = 1024 ** 3;
  let freeBytes = 8 * GIB;
  const room = async () => ({ freeBytes, totalBytes: 20 * GIB });
  try {
    const deployed: string[] = [];
    const deploy = async () => {
      const id = `release-${deployed.length}`;
      await mkdir(join(folder, 'ask', id), { recursive: true });
      const at = new Date(Date.UTC(2026, 2, 1, deployed.length));
      await utimes(join(folder, 'ask', id), at, at);
      deployed.push(id);
      // The serving one, the one before it, and one with a preview.
      await pruneReleases(folder, 'ask', [...deployed.slice(-2), 'release-0'], room);
      return (await listReleases(folder, 'ask')).map((release) => release.id);
    };
    let kept: string[] = [];
    for (let hour = 0; hour < 31 * 24; hour++) {
      kept = await deploy();
      expect(kept.length).toBeLessThanOrEqual(11);
    }
    expect(kept).toEqual([...deployed.slice(-10).toReversed(), 'release-0']);
    freeBytes = 1.9 * GIB;
    expect(await deploy()).toEqual([...deployed.slice(-2).toReversed(), 'release-0']);
  } finally {
    await rm(folder, { recursive: true });
  }
}, 120_000);
