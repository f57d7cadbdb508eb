import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHostFigures } from './host-figures.ts';

const MIB = 1024 * 1024;
let root: string;
let now: number;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'pandect-test-'));
  now = 0;
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(files: Record<string, string>) {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
}
const open = () => createHostFigures({ root, processors: 4, now: () => now });
const values = async (read: ReturnType<typeof open>) =>
  Object.fromEntries((await read()).flatMap(({ name, series }) => series.map(({ value }) => [name, value])));

const host = {
  'proc/meminfo': 'MemTotal: 8192 kB\nMemAvailable: 2048 kB\nSwapTotal: 1024 kB\nSwapFree: 256 kB\n',
  'proc/stat': 'cpu  100 0 100 1000 50 0 0 0 0 0\ncpu0 1 2 3\n',
};

describe('figures of the host', () => {
  it('are those of the machine, with the share of all processors since the last reading', async () => {
    await put(host);
    const read = open();
    const first = await values(read);
    expect(first).toMatchObject({
      pandect_host_memory_total_bytes: 8 * MIB,
      pandect_host_memory_available_bytes: 2 * MIB,
      pandect_host_swap_total_bytes: MIB,
      pandect_host_swap_free_bytes: MIB / 4,
    });
    expect(first).not.toHaveProperty('pandect_host_cpu_busy_ratio');
    now = 10_000;
    // 20 s of work in 10 s on 4 processors; waiting for the disk is none.
    await put({ 'proc/stat': 'cpu  1600 100 600 9000 9000 0 0 0 0 0\n' });
    expect((await values(read)).pandect_host_cpu_busy_ratio).toBe(0.525);
  });

  it('are those of the container where it has limits', async () => {
    const group = 'sys/fs/cgroup';
    await put({
      ...host,
      ...{
        'proc/self/cgroup': '0::/\n',
        [`${group}/memory.max`]: String(4 * MIB),
        [`${group}/memory.current`]: String(3 * MIB),
      },
      ...{ [`${group}/memory.stat`]: `inactive_file ${MIB}\n`, [`${group}/memory.swap.max`]: '0' },
      ...{
        [`${group}/memory.swap.current`]: '0',
        [`${group}/cpu.max`]: '150000 100000',
        [`${group}/cpu.stat`]: 'usage_usec 0\n',
      },
    });
    const read = open();
    expect(await values(read)).toMatchObject({
      pandect_host_memory_total_bytes: 4 * MIB,
      pandect_host_memory_available_bytes: 2 * MIB,
      pandect_host_swap_total_bytes: 0,
    });
    now = 1_000;
    await put({ [`${group}/cpu.stat`]: 'usage_usec 750000\n' });
    expect((await values(read)).pandect_host_cpu_busy_ratio).toBe(0.5);
  });

  it('leave out what this system does not tell', async () => {
    expect(Object.keys(await values(open()))).toEqual([
      ...['pandect_host_memory_total_bytes', 'pandect_host_memory_available_bytes'],
    ]);
  });
});
