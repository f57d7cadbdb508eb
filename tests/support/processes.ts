import { readdir, readFile, readlink } from 'node:fs/promises';

/** A process that belongs to a platform. */
export interface FoundProcess {
  pid: number;
  command: string;
}

/** Every process whose command line or working directory lies in a home: the platform's own and those they started. */
export async function processesIn(home: { root: string; run: string }): Promise<FoundProcess[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid): Promise<FoundProcess | undefined> => {
      const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ').trim();
      const folder = await readlink(`/proc/${pid}/cwd`).catch(() => '');
      const ours = [home.root, home.run].some((path) => command.includes(path) || `${folder}/`.startsWith(`${path}/`));
      return command !== '' && ours ? { pid: Number(pid), command } : undefined;
    }),
  );
  return found.filter((entry) => entry !== undefined);
}

/** Proportional set size in bytes: shared pages count in shares. */
export async function memoryOf(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1]) * 1024;
}
