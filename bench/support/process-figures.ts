import { readFile } from 'node:fs/promises';

/** Of a clock tick of `/proc/<pid>/stat`, which is 10 ms on Linux whatever the kernel's own is. */
const TICK_MS = 10;

/** Milliseconds of processor time that these processes have used so far; one that has ended counts as none. */
export async function processorMs(pids: readonly number[]): Promise<number> {
  const ticks = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
      // The name, in brackets, may hold spaces.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
    }),
  );
  return ticks.reduce((sum, count) => sum + count, 0) * TICK_MS;
}

/** Resident bytes of these processes together. */
export async function residentBytes(pids: readonly number[]): Promise<number> {
  const kilobytes = await Promise.all(
    pids.map(async (pid) => {
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
      return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
    }),
  );
  return kilobytes.reduce((sum, count) => sum + count, 0) * 1024;
}

/** A process and all that it and those have started. */
export async function withChildren(pid: number): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const below = await Promise.all(children.split(' ').filter(Boolean).map(Number).map(withChildren));
  return [pid, ...below.flat()];
}
