import { createHash } from 'node:crypto';
import { access, constants, mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Limits that the kernel itself holds processes to, where it lets us: below systemd with `Delegate=yes` and
 * `DelegateSubgroup=supervisor`, one control group for each process, next to that of the supervisor.
 *
 * Version 2 lets a group have either processes or groups with limits. systemd itself therefore has to put the supervisor
 * into a group of its own: if the supervisor moved out of the way by itself, systemd could not start the next one
 * next to processes that have outlived this one.
 */
export type Cgroups = { reason?: undefined; groups: ProcessGroups } | { reason: string; groups?: undefined };

export interface ProcessGroups {
  /** Puts a process, and all that it will start, under limits. @param name of one process: letters, digits, - */
  enter(name: string, pid: number, limits: { memoryBytes: number; pids?: number }): Promise<void>;
  /** Whether the kernel ended a process of the group for the memory it took. */
  ranOutOfMemory(name: string): Promise<boolean>;
  /** To be called when the process has ended. @throws when a process is left in it */
  remove(name: string): Promise<void>;
}

/** What systemd is told to call the supervisor's own group. */
export const SUPERVISOR_GROUP = 'supervisor';
/** Processes and threads; Node has a dozen threads, and a worker its parsers. */
const PIDS = 256;

/**
 * @param home the platform's folder, whose name no other platform's groups have
 * @param root where /proc and /sys/fs/cgroup stand; tests give their own
 * @returns the groups, or why there are none in words
 */
export async function openCgroups(home: string, root = '/'): Promise<Cgroups> {
  const mount = join(root, 'sys/fs/cgroup');
  const controllers = await readText(join(mount, 'cgroup.controllers'));
  if (controllers === undefined) return { reason: 'this system has no control groups of version 2' };
  const own = /^0::(.*)$/m.exec((await readText(join(root, 'proc/self/cgroup'))) ?? '')?.[1] ?? '/';
  if (basename(own) !== SUPERVISOR_GROUP) {
    return { reason: `the supervisor is in no group "${SUPERVISOR_GROUP}" that systemd 254 or newer delegated to it` };
  }
  const unit = join(mount, dirname(own));
  const base = join(unit, `pandect-${createHash('sha256').update(home).digest('hex').slice(0, 12)}`);
  try {
    await access(unit, constants.W_OK);
    await enableLimits(unit);
    await mkdir(base, { recursive: true });
    await enableLimits(base);
    await removeEmpty(base);
  } catch (error) {
    return { reason: `control groups cannot be made: ${(error as Error).message}` };
  }
  return { groups: groupsIn(base) };
}

function groupsIn(base: string): ProcessGroups {
  return {
    async enter(name, pid, { memoryBytes, pids = PIDS }) {
      const folder = join(base, name);
      await mkdir(folder, { recursive: true });
      await set(folder, 'memory.max', memoryBytes);
      await set(folder, 'pids.max', pids);
      // Not there where the kernel counts no swap.
      await set(folder, 'memory.swap.max', 0).catch(ignoreMissing);
      await set(folder, 'cgroup.procs', pid);
    },
    async ranOutOfMemory(name) {
      const events = await readText(join(base, name, 'memory.events'));
      return Number(/^oom_kill (\d+)$/m.exec(events ?? '')?.[1] ?? 0) > 0;
    },
    remove: (name) => rmdir(join(base, name)).catch(ignoreMissing),
  };
}

const enableLimits = (folder: string) => set(folder, 'cgroup.subtree_control', '+memory +pids');

/** The kernel's files are there before they are written: one that is missing is not made. */
const set = (folder: string, file: string, value: string | number) =>
  writeFile(join(folder, file), String(value), { flag: 'r+' });

/** What an earlier supervisor's processes have left; a group with a process in it stays. */
async function removeEmpty(base: string): Promise<void> {
  const entries = await readdir(base, { withFileTypes: true });
  for (const { name } of entries.filter((entry) => entry.isDirectory())) {
    await rmdir(join(base, name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EBUSY') throw error;
    });
  }
}

const ignoreMissing = (error: NodeJS.ErrnoException) => {
  if (error.code !== 'ENOENT') throw error;
};

const readText = (path: string): Promise<string | undefined> => readFile(path, 'utf8').catch(() => undefined);
