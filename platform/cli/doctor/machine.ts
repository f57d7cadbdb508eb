import { readFile, stat, statfs } from 'node:fs/promises';
import { readIfExists } from '../../services/processes.ts';
import { hostMemory } from '../../supervisor/process/memory.ts';
import { bytes } from '../quantities.ts';
import type { Facts } from './facts.ts';
import { nearestFolder } from './facts.ts';
import { atLeast, fail, ok, type Verdict, warn } from './finding.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

export async function checkNode(): Promise<Verdict> {
  // WebSockets need `shouldUpgradeCallback` of node:http, which came with 24.9.
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > 24 || (major === 24 && minor >= 9)
    ? ok(process.version)
    : fail(process.version, 'Node 24.9 or newer is needed; run ./scripts/setup');
}

/** Each file system once that the platform writes to: its home, with the database, and the folders of the settings. */
export async function checkDisk({ wanted, folders }: Pick<Facts, 'wanted' | 'folders'>): Promise<Verdict> {
  const seen = new Map<number, Verdict>();
  for (const path of [wanted, ...folders]) {
    const folder = await nearestFolder(path);
    const { dev } = await stat(folder);
    if (seen.has(dev)) continue;
    const { bavail, blocks, bsize, ffree, files } = await statfs(folder);
    const disk = { folder: path, free: bavail * bsize, share: bavail / Math.max(1, blocks) };
    seen.set(dev, judgeDisk({ ...disk, freeFiles: files === 0 ? undefined : ffree }));
  }
  const verdicts = [...seen.values()];
  const worst = verdicts.find(({ state }) => state === 'fail') ?? verdicts.find(({ state }) => state === 'warn');
  return worst ?? ok(verdicts.map(({ detail }) => detail).join('; '));
}

interface Disk {
  folder: string;
  /** Bytes. */
  free: number;
  /** Of all blocks, 0 to 1. */
  share: number;
  /** How many more files it can hold, where it has such a limit. */
  freeFiles: number | undefined;
}

export function judgeDisk({ folder, free, share, freeFiles }: Disk): Verdict {
  const hint = `make room where ${folder} lies: a full disk stops the database and refuses uploads`;
  if (freeFiles !== undefined && freeFiles < 10_000) return fail(`room for ${freeFiles} more files only`, hint);
  const left = `${bytes(free)} (${Math.floor(share * 100)} %) free in ${folder}`;
  if (share < 0.05 && free < 20 * GIB) return free < 256 * MIB ? fail(left, hint) : warn(left, hint);
  return atLeast(free, { warnBelow: 2 * GIB, failBelow: 256 * MIB }, left, hint);
}

export async function checkMemory({ running }: Facts): Promise<Verdict> {
  return judgeMemory({ ...hostMemory(), isRunning: running !== undefined });
}

/** A platform that is yet to be started needs room for all its processes; one that runs only for growth. */
export function judgeMemory(memory: { availableBytes: number; totalBytes: number; isRunning: boolean }): Verdict {
  const bounds = memory.isRunning ? { warnBelow: 256, failBelow: 64 } : { warnBelow: 1_024, failBelow: 384 };
  return atLeast(
    memory.availableBytes / MIB,
    bounds,
    `${bytes(memory.availableBytes)} of ${bytes(memory.totalBytes)} available`,
    'give the machine more memory, or lower `memory` and `instances` in the manifests',
  );
}

export async function checkOpenFiles(): Promise<Verdict> {
  const limits = await readIfExists('/proc/self/limits');
  return limits === undefined ? ok('not told by this system') : judgeOpenFiles(limits);
}

/** Node raises the soft limit to the hard one by itself. */
export function judgeOpenFiles(limits: string): Verdict {
  const hard = /^Max open files\s+\S+\s+(\S+)/m.exec(limits)?.[1] ?? 'unlimited';
  if (hard === 'unlimited') return ok('no limit');
  return atLeast(
    Number(hard),
    { warnBelow: 8_192, failBelow: 1_024 },
    `${hard} a process`,
    'raise it, for example with `ulimit -Hn 65536` or LimitNOFILE; each connection needs two',
  );
}

export async function checkWatches(): Promise<Verdict> {
  const limit = await readIfExists('/proc/sys/fs/inotify/max_user_watches');
  if (limit === undefined) return ok('not told by this system');
  const hint = 'pandect dev and logs -f need more: sysctl fs.inotify.max_user_watches=65536';
  return Number(limit) < 8_192 ? warn(`${limit.trim()} files`, hint) : ok(`${limit.trim()} files`);
}

/** Times in the database, tokens and certificates are wrong with the clock. */
export async function checkClock(): Promise<Verdict> {
  const started = /^btime (\d+)$/m.exec(await readFile('/proc/stat', 'utf8').catch(() => ''))?.[1];
  return judgeClock(new Date(), started === undefined ? undefined : new Date(Number(started) * 1_000));
}

/** @param booted when the machine started, by its own account */
export function judgeClock(now: Date, booted: Date | undefined): Verdict {
  const hint = 'set the clock and keep it set: timedatectl set-ntp true';
  if (now.getFullYear() < 2025 || (booted && booted > now)) return fail(`it says ${now.toISOString()}`, hint);
  return ok(now.toISOString());
}
