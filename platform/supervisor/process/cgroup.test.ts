import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCgroups, type ProcessGroups } from './cgroup.ts';

/*
 * Against a tree of plain files, since the kernel under a test may offer no groups: in contrast to those of a kernel,
 * its folders are made without files and are removed only when they have none.
 */
const unit = 'sys/fs/cgroup/system.slice/pandect.service';
const leafFiles = ['memory.max', 'memory.swap.max', 'pids.max', 'cgroup.procs'];

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'pandect-test-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const put = async (path: string, text = '') => {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
};
const at = (path: string) => readFile(join(root, path), 'utf8');

async function delegated(): Promise<void> {
  await put('sys/fs/cgroup/cgroup.controllers', 'cpu memory pids');
  await put('proc/self/cgroup', '0::/system.slice/pandect.service/supervisor\n');
  await put(`${unit}/cgroup.subtree_control`);
}

/** The folder of a home's groups, as the kernel would have made it. */
async function opened(): Promise<{ base: string; groups: ProcessGroups }> {
  await delegated();
  expect((await openCgroups('/home', root)).reason).toContain('cannot be made');
  const [name = ''] = (await readdir(join(root, unit))).filter((entry) => entry.startsWith('pandect-'));
  await put(`${unit}/${name}/cgroup.subtree_control`);
  const { groups } = await openCgroups('/home', root);
  return { base: join(unit, name), groups: groups as ProcessGroups };
}

describe('control groups', () => {
  it('are not used where there are none of version 2', async () => {
    expect((await openCgroups('/home', root)).reason).toContain('version 2');
  });

  it('are not used where systemd gave the supervisor no group of its own', async () => {
    await put('sys/fs/cgroup/cgroup.controllers', 'cpu memory pids');
    await put('proc/self/cgroup', '0::/user.slice/session-1.scope\n');
    expect((await openCgroups('/home', root)).reason).toContain('no group "supervisor"');
  });

  it('are not used where the kernel refuses them, with its reason', async () => {
    await delegated();
    await rm(join(root, unit, 'cgroup.subtree_control'));
    expect((await openCgroups('/home', root)).reason).toContain('ENOENT');
  });

  it('limit the groups of a unit and of a home, of which each has one', async () => {
    const { base } = await opened();
    expect(await at(`${unit}/cgroup.subtree_control`)).toBe('+memory +pids');
    expect(await at(`${base}/cgroup.subtree_control`)).toBe('+memory +pids');
    await openCgroups('/other/home', root);
    const homes = (await readdir(join(root, unit))).filter((entry) => entry.startsWith('pandect-'));
    expect(homes).toHaveLength(2);
  });

  it('hold a process to its limits before it is in', async () => {
    const { base, groups } = await opened();
    for (const file of leafFiles) await put(`${base}/ask-1/${file}`);
    await groups.enter('ask-1', 4711, { memoryBytes: 1000 });
    const values = await Promise.all(leafFiles.map((file) => at(`${base}/ask-1/${file}`)));
    expect(values).toEqual(['1000', '0', '256', '4711']);
  });

  it('do without a limit of swap where the kernel counts none', async () => {
    const { base, groups } = await opened();
    for (const file of leafFiles.filter((each) => !each.includes('swap'))) await put(`${base}/ask-1/${file}`);
    await groups.enter('ask-1', 4711, { memoryBytes: 1000, pids: 20 });
    expect(await at(`${base}/ask-1/pids.max`)).toBe('20');
  });

  it('tell whether the kernel ended a process for its memory', async () => {
    const { base, groups } = await opened();
    expect(await groups.ranOutOfMemory('ask-1')).toBe(false);
    await put(`${base}/ask-1/memory.events`, 'low 0\noom 1\noom_kill 0\n');
    expect(await groups.ranOutOfMemory('ask-1')).toBe(false);
    await put(`${base}/ask-1/memory.events`, 'low 0\noom 1\noom_kill 2\n');
    expect(await groups.ranOutOfMemory('ask-1')).toBe(true);
  });

  it('go when their process has ended, also those of an earlier supervisor', async () => {
    const { base, groups } = await opened();
    await mkdir(join(root, base, 'ask-1'));
    await groups.remove('ask-1');
    await groups.remove('ask-1');
    await mkdir(join(root, base, 'ask-2'));
    await openCgroups('/home', root);
    expect(await readdir(join(root, base))).toEqual(['cgroup.subtree_control']);
  });
});
