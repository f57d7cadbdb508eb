import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  assignBuckets,
  BUCKETS,
  bucketPath,
  canaryBuckets,
  canaryPaths,
  endCanary,
  setCanary,
} from './canary-links.ts';

const percents = Array.from({ length: 101 }, (_, percent) => percent);
const [stable, canary] = [['/s1', '/s2'], ['/c1']];
const onCanary = (percent: number) =>
  assignBuckets({ stable, canary, percent }).flatMap((socket, bucket) => (canary.includes(socket) ? [bucket] : []));

describe('assignBuckets', () => {
  it.each([
    [0, 0],
    [1, 1],
    [5, 1],
    [10, 2],
    [12, 2],
    [13, 3],
    [50, 10],
    [99, 20],
    [100, 20],
  ])('gives a canary of %i %% %i of the buckets', (percent, count) => {
    expect(canaryBuckets(percent)).toBe(count);
    expect(onCanary(percent)).toHaveLength(count);
  });

  it('takes no one off the canary when its percentage is raised', () => {
    for (const percent of percents.slice(1)) {
      expect(onCanary(percent)).toEqual(expect.arrayContaining(onCanary(percent - 1)));
    }
  });

  it('spreads each side over all its instances', () => {
    for (const percent of [5, 50, 90]) {
      expect(new Set(assignBuckets({ stable, canary, percent }))).toEqual(new Set([...stable, ...canary]));
    }
  });

  it('lets one side stand in for the other while that has no instance', () => {
    expect(new Set(assignBuckets({ stable, canary: [], percent: 50 }))).toEqual(new Set(stable));
    expect(new Set(assignBuckets({ stable: [], canary, percent: 50 }))).toEqual(new Set(canary));
    expect(assignBuckets({ stable: [], canary: [], percent: 50 })).toEqual([]);
  });

  it.each([-1, 101, Number.NaN])('refuses a percentage of %d', (percent) => {
    expect(() => canaryBuckets(percent)).toThrow(`Set canary to "${percent}": must be a percentage, 0 to 100`);
  });
});

describe('a canary', () => {
  let run: string;
  beforeEach(async () => {
    run = await mkdtemp(join(tmpdir(), 'pandect-test-'));
  });
  afterEach(() => rm(run, { recursive: true, force: true }));
  const targets = () =>
    Promise.all(Array.from({ length: BUCKETS }, (_, bucket) => readlink(bucketPath(run, 'ask', bucket))));
  const { marker } = canaryPaths('', 'ask');

  it('stands as links and a marker, and follows instances and percentage', async () => {
    await setCanary(run, 'ask', { stable, canary, percent: 25 });
    expect(await targets()).toEqual(assignBuckets({ stable, canary, percent: 25 }));
    expect(await readFile(join(run, marker), 'utf8')).toBe('25\n');
    await setCanary(run, 'ask', { stable: ['/s3'], canary, percent: 50 });
    expect(await targets()).toEqual(assignBuckets({ stable: ['/s3'], canary, percent: 50 }));
    const names = [...Array.from({ length: BUCKETS }, (_, bucket) => `bucket-${bucket}.sock`), 'canary'];
    expect((await readdir(join(run, 'ask'))).toSorted()).toEqual(names.toSorted());
  });

  it('ends with the marker gone and all links at the winner', async () => {
    await setCanary(run, 'ask', { stable, canary, percent: 25 });
    await endCanary(run, 'ask', canary);
    expect(existsSync(join(run, marker))).toBe(false);
    expect(new Set(await targets())).toEqual(new Set(canary));
  });

  it('makes nothing when one ends that never was', async () => {
    await endCanary(run, 'ask', stable);
    expect(existsSync(join(run, 'ask'))).toBe(false);
  });

  it('does not begin with a percentage that is none', async () => {
    await expect(setCanary(run, 'ask', { stable, canary, percent: 200 })).rejects.toThrow('must be a percentage');
    expect(existsSync(join(run, marker))).toBe(false);
  });
});
