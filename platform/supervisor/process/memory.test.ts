import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostMemory, privateBytes, privateBytesWithChildren } from './memory.ts';

const MIB = 1024 * 1024;

describe('the memory of a process', () => {
  let child: ChildProcess | undefined;
  // Its children, too.
  afterEach(() => {
    if (child?.pid) process.kill(-child.pid, 'SIGKILL');
  });
  const start = async (program: string) => {
    child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
    await once(child.stdout as NodeJS.ReadableStream, 'data');
    return child.pid as number;
  };
  const hold = (mebibytes: number) => `const held = Buffer.alloc(${mebibytes} * 1024 * 1024, 1);`;
  const wait = "console.log('ready'); setInterval(() => held, 1e6);";

  it('is what it holds, without what it shares with others', async () => {
    const bytes = privateBytes(await start(`${hold(64)} ${wait}`)) as number;
    expect(bytes / MIB).toBeGreaterThan(64);
    // The program itself is larger than that.
    expect(bytes / MIB).toBeLessThan(110);
  });

  it('counts its children and theirs on request', async () => {
    const grandchild = `${hold(50)} ${wait}`;
    const parent = (program: string) =>
      `${hold(1)} require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(program)}], { stdio: 'inherit' });
      setInterval(() => held, 1e6);`;
    const pid = await start(parent(parent(grandchild)));
    const [alone, all] = [privateBytes(pid) as number, privateBytesWithChildren(pid) as number];
    expect((all - alone) / MIB).toBeGreaterThan(50);
  });

  it('is unknown of one that is gone', async () => {
    const pid = await start(`${hold(1)} ${wait}`);
    child?.kill('SIGKILL');
    await once(child as ChildProcess, 'exit');
    child = undefined;
    expect(privateBytes(pid)).toBeUndefined();
    expect(privateBytesWithChildren(pid)).toBeUndefined();
  });
});

describe('the memory of the host', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'pandect-test-'));
    await put('proc/meminfo', 'MemTotal:       8192000 kB\nMemFree: 1 kB\nMemAvailable:    4096000 kB\n');
  });
  afterEach(() => rm(root, { recursive: true, force: true }));
  const put = async (path: string, text: string) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  };
  const host = { totalBytes: 8_192_000 * 1024, availableBytes: 4_096_000 * 1024 };

  it('is what the kernel says is available', () => {
    expect(hostMemory(root)).toEqual(host);
    expect(hostMemory().totalBytes).toBeLessThanOrEqual(totalmem());
    expect(hostMemory().availableBytes).toBeGreaterThan(0);
  });

  it('is less within a control group, also an outer one, whose files in memory can be given up', async () => {
    await put('proc/self/cgroup', '0::/system.slice/pandect.service/supervisor\n');
    await put('sys/fs/cgroup/system.slice/pandect.service/supervisor/memory.max', 'max\n');
    await put('sys/fs/cgroup/system.slice/memory.max', `${1000 * MIB}\n`);
    await put('sys/fs/cgroup/system.slice/memory.current', `${700 * MIB}\n`);
    await put('sys/fs/cgroup/system.slice/memory.stat', `anon 1\ninactive_file ${100 * MIB}\n`);
    expect(hostMemory(root)).toEqual({ totalBytes: 1000 * MIB, availableBytes: 400 * MIB });
  });

  it('is less within a control group of version 1, where a huge number means no limit', async () => {
    await put('proc/self/cgroup', '5:cpu,cpuacct:/\n4:memory:/docker/1\n0::/\n');
    await put('sys/fs/cgroup/memory/memory.limit_in_bytes', '9223372036854771712\n');
    await put('sys/fs/cgroup/memory/docker/1/memory.limit_in_bytes', `${500 * MIB}\n`);
    await put('sys/fs/cgroup/memory/docker/1/memory.usage_in_bytes', `${600 * MIB}\n`);
    expect(hostMemory(root)).toEqual({ totalBytes: 500 * MIB, availableBytes: 0 });
  });
});
