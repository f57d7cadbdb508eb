import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { hostMemory } from '../../process/memory.ts';
import { type Family, gauge } from '../family.ts';

interface HostFiguresOptions {
  /** Where /proc and /sys/fs/cgroup stand; tests give their own. */
  root?: string;
  /** Processors there are; tests give their own. */
  processors?: number;
  /** Milliseconds. */
  now?: () => number;
}

/** Processor time since the start of the host or the container, in seconds. */
interface CpuTime {
  at: number;
  busy: number;
  /** Processors that may be used at once; fractions in a container. */
  processors: number;
}

const KIB = 1024;
const UNIT_MS = 1000;

/**
 * The host as the platform may use it: in a container its limits, not those of the machine around it. The first reading has no
 * share of the processors, which takes two.
 */
export function createHostFigures(options: HostFiguresOptions = {}): () => Promise<Family[]> {
  const { root = '/', now = () => performance.now() } = options;
  let before: CpuTime | undefined;
  return async () => {
    const { totalBytes, availableBytes } = hostMemory(root);
    const swap = await readSwap(root);
    const cpu = await readCpu(root, now(), options.processors ?? availableParallelism());
    const busy = before && cpu && busyRatio(before, cpu);
    before = cpu;
    return [
      gauge('pandect_host_memory_total_bytes', 'Memory of the host or the container', totalBytes),
      gauge('pandect_host_memory_available_bytes', 'Memory that can be taken without swapping', availableBytes),
      gauge('pandect_host_swap_total_bytes', 'Swap space', swap?.total),
      gauge('pandect_host_swap_free_bytes', 'Swap space that is free', swap?.free),
      gauge('pandect_host_cpu_busy_ratio', 'Share of the processors in use since the last reading', busy),
    ];
  };
}

function busyRatio(before: CpuTime, now: CpuTime): number | undefined {
  const seconds = (now.at - before.at) / UNIT_MS;
  if (seconds <= 0 || now.busy < before.busy) return undefined;
  return Math.min(1, (now.busy - before.busy) / (seconds * now.processors));
}

async function readSwap(root: string): Promise<{ total: number; free: number } | undefined> {
  const most = await readNumber(join(root, 'sys/fs/cgroup/memory.swap.max'));
  const used = await readNumber(join(root, 'sys/fs/cgroup/memory.swap.current'));
  if (most !== undefined && used !== undefined) return { total: most, free: Math.max(0, most - used) };
  const info = (await readText(join(root, 'proc/meminfo'))) ?? '';
  const figure = (name: string) => new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(info)?.[1];
  const [total, free] = [figure('SwapTotal'), figure('SwapFree')];
  return total === undefined || free === undefined
    ? undefined
    : { total: Number(total) * KIB, free: Number(free) * KIB };
}

/** Ticks of a clock that Linux has at 100 Hz towards programs, on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;
const MICROSECONDS = 1_000_000;

/** Of the control group where it has a quota, as in a container; otherwise of the machine. */
async function readCpu(root: string, at: number, processors: number): Promise<CpuTime | undefined> {
  const [quota, period] = ((await readText(join(root, 'sys/fs/cgroup/cpu.max'))) ?? '').trim().split(' ').map(Number);
  const usage = /^usage_usec (\d+)/m.exec((await readText(join(root, 'sys/fs/cgroup/cpu.stat'))) ?? '')?.[1];
  if (quota !== undefined && period !== undefined && quota > 0 && usage !== undefined) {
    return { at, busy: Number(usage) / MICROSECONDS, processors: Math.min(processors, quota / period) };
  }
  const line = /^cpu +(.+)$/m.exec((await readText(join(root, 'proc/stat'))) ?? '')?.[1];
  if (line === undefined) return undefined;
  // user nice system idle iowait irq softirq steal; guests are in the first two already.
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line.split(' ').map(Number);
  return { at, busy: (user + nice + system + irq + softirq + steal) / TICKS_PER_SECOND, processors };
}

/** Undefined for `max` and where there is no such file. */
async function readNumber(path: string): Promise<number | undefined> {
  const value = Number((await readText(path)) ?? Number.NaN);
  return Number.isFinite(value) ? value : undefined;
}

const readText = (path: string): Promise<string | undefined> => readFile(path, 'utf8').catch(() => undefined);
