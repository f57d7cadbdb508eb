import { mkdtemp, readdir, readlink, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assignSlots, instancePath, slotPath, switchSlots } from './socket-path.ts';

describe('assignSlots', () => {
  it.each([
    [['a'], 1, ['a']],
    [['a'], 3, ['a', 'a', 'a']],
    [['a', 'b'], 3, ['a', 'b', 'a']],
    [['a', 'b', 'c'], 3, ['a', 'b', 'c']],
    [['a', 'b', 'c'], 2, ['a', 'b']],
    [[], 3, []],
  ])('points slots of %j, %i in number, to %j', (sockets, slots, expected) => {
    expect(assignSlots(sockets, slots)).toEqual(expected);
  });
});

describe('switchSlots', () => {
  let run: string;
  beforeEach(async () => {
    run = await mkdtemp(join(tmpdir(), 'pandect-test-'));
  });
  afterEach(() => rm(run, { recursive: true, force: true }));
  const targets = () => Promise.all([0, 1].map((slot) => readlink(slotPath(run, 'ask', slot))));
  const [one, two] = ['1', '2'].map((id) => instancePath('/run', 'ask', id)) as [string, string];

  it('points the slots to an instance, then to the next', async () => {
    await switchSlots(run, 'ask', [one], 2);
    expect(await targets()).toEqual([one, one]);
    await switchSlots(run, 'ask', [one, two], 2);
    expect(await targets()).toEqual([one, two]);
    expect(await readdir(join(run, 'ask'))).toEqual(['0.sock', '1.sock']);
  });

  it('gets over a switch that was cut off', async () => {
    await switchSlots(run, 'ask', [one], 2);
    await symlink('/nowhere', `${slotPath(run, 'ask', 0)}.next`);
    await switchSlots(run, 'ask', [two], 2);
    expect(await targets()).toEqual([two, two]);
  });

  it('leaves the last targets while no instance is alive, so that the edge keeps trying them', async () => {
    await switchSlots(run, 'ask', [one], 2);
    await switchSlots(run, 'ask', [], 2);
    expect(await targets()).toEqual([one, one]);
  });
});
