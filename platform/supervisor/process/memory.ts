import { readFileSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import type { HostMemory } from '../scaling/host-memory.ts';

const PAGE = 4096;
const KIB = 1024;

/** Memory that is this process's alone, in bytes: what is resident less what it shares. Undefined without /proc. */
export function privateBytes(pid: number): number | undefined {
  const [, resident = '0', shared = '0'] = read(`/proc/${pid}/statm`)?.split(' ') ?? [];
  // A process that has ended and waits to be collected holds nothing.
  return resident === '0' ? undefined : (Number(resident) - Number(shared)) * PAGE;
}

/** The same with all the processes that it and those have started from their main threads. */
export function privateBytesWithChildren(pid: number): number | undefined {
  const own = privateBytes(pid);
  if (own === undefined) return undefined;
  const children = read(`/proc/${pid}/task/${pid}/children`)?.split(' ').filter(Boolean) ?? [];
  return children.reduce((total, child) => total + (privateBytesWithChildren(Number(child)) ?? 0), own);
}

/** @param root where /proc and /sys/fs/cgroup stand; tests give their own */
export function hostMemory(root = '/'): HostMemory {
  const info = read(join(root, 'proc/meminfo')) ?? '';
  const figure = (name: string) => {
    const kibibytes = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(info)?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes) * KIB;
  };
  const host = { totalBytes: figure('MemTotal') ?? totalmem(), availableBytes: figure('MemAvailable') ?? freemem() };
  return limits(root).reduce(
    (least, limit) => ({
      totalBytes: Math.min(least.totalBytes, limit.totalBytes),
      availableBytes: Math.max(0, Math.min(least.availableBytes, limit.availableBytes)),
    }),
    host,
  );
}

const versions = [
  { mount: 'sys/fs/cgroup', line: /^0::(.*)$/m, limit: 'memory.max', used: 'memory.current', cache: 'inactive_file' },
  {
    mount: 'sys/fs/cgroup/memory',
    line: /^\d+:(?:\w+,)*memory(?:,\w+)*:(.*)$/m,
    limit: 'memory.limit_in_bytes',
    used: 'memory.usage_in_bytes',
    cache: 'total_inactive_file',
  },
] as const;

/** The limits of the control groups that this process is in, of either version, outer ones included. */
function limits(root: string): HostMemory[] {
  const groups = read(join(root, 'proc/self/cgroup')) ?? '';
  return versions.flatMap(({ mount, line, limit, used, cache }) => {
    const path = line.exec(groups)?.[1];
    if (path === undefined) return [];
    return upwards(path).flatMap((group) => {
      const folder = join(root, mount, group);
      const totalBytes = Number(read(join(folder, limit)));
      // `max`, a missing file and the huge number of version 1 all mean that there is none.
      if (!(totalBytes > 0) || totalBytes > Number.MAX_SAFE_INTEGER / 2) return [];
      // What was read from files counts as used and is given up when it is needed.
      const statistics = read(join(folder, 'memory.stat')) ?? '';
      const spare = Number(new RegExp(`^${cache} (\\d+)`, 'm').exec(statistics)?.[1] ?? 0);
      return [{ totalBytes, availableBytes: totalBytes - Number(read(join(folder, used)) ?? 0) + spare }];
    });
  });
}

const upwards = (path: string): string[] => (path === '/' ? [path] : [path, ...upwards(dirname(path))]);

/** Undefined when there is no such file: the process ended, or this system has no /proc. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
