import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';

/** Of the kernel's clock, in which it counts. */
const tickMs = 10;

/** The id of what a child starts in the end, below the processes that keep it apart; undefined when there is no child. */
export async function isolatedProcess({ pid }: ChildProcess): Promise<number | undefined> {
  let innermost = pid;
  for (let next = pid; next; ) {
    innermost = next;
    next = Number.parseInt((await read(`${next}/task/${next}/children`)) ?? '', 10);
  }
  return innermost;
}

/** Bytes that a process holds in memory; undefined when it is gone or the system has no /proc. */
export async function residentMemory(pid: number): Promise<number | undefined> {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec((await read(`${pid}/status`)) ?? '')?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}

/** Milliseconds that a process has used of processors; undefined as above. */
export async function processorTime(pid: number): Promise<number | undefined> {
  const fields = (await read(`${pid}/stat`))?.split(') ').at(-1)?.split(' ');
  return fields && (Number(fields[11]) + Number(fields[12])) * tickMs;
}

const read = (path: string): Promise<string | undefined> => readFile(`/proc/${path}`, 'utf8').catch(() => undefined);
