import { readFileSync } from 'node:fs';

/**
 * When a process began, in the kernel's ticks since the boot; undefined for one that is gone or only waits to be
 * collected. Process ids are used again; together with this a process is distinguished from every other one.
 */
export function startTimeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in the second field may hold anything; what follows its last bracket is state, parent, … , start time.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  } catch {
    return undefined; // it ended, whenever that was
  }
}

/** Whether the process that was known by this id and start time still runs. */
export const isSame = ({ pid, startTime }: { pid: number; startTime: string }): boolean =>
  pid > 0 && startTimeOf(pid) === startTime;

/** Of the running kernel: start times count from its boot, and start over with the next. Undefined without /proc. */
export function bootId(): string | undefined {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return undefined; // another system, where start times are not known either
  }
}
