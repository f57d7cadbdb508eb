import { readFile } from 'node:fs/promises';
import { withChildren } from './process-figures.ts';

const EVERY_MS = 100;

export interface MemoryWatch {
  /** Bytes resident at the highest: of the process, and of one of those that it started. */
  stop(): { own: number; child: number };
}

/** Watches a process and those that it starts. */
export function watchMemory(pid: number): MemoryWatch {
  const highest = { own: 0, child: 0 };
  const timer = setInterval(async () => {
    const [, ...children] = await withChildren(pid);
    highest.own = Math.max(highest.own, await highWater(pid));
    for (const child of children) highest.child = Math.max(highest.child, await highWater(child));
  }, EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      return highest;
    },
  };
}

/** What the kernel has seen at most. */
async function highWater(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
}
