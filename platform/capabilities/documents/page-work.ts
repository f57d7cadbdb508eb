import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { ParseFailure } from './contract.ts';
import type { Kill } from './disposable-process.ts';

/*
 * A page whose parts draw each other, in a circle or many times over, keeps a processor busy until its time is over, which
 * has to suffice for recognition on a loaded machine. What a page takes before that is measured in time of the processor.
 */

/** Of the processor, for a page's text layer and picture: ten times what a large drawing takes. */
const mostPageWorkMs = 4_000;
const checkMs = 250;
/** Of the kernel's clock, in which it counts. */
const tickMs = 10;

export interface PageWork {
  /** A page begins. */
  begin(): void;
  /** What takes its time now is recognition. */
  recognize(): void;
  stop(): void;
}

/** Ends the process when a page takes too much work; without /proc it only has its time. */
export function watchPageWork({ pid }: ChildProcess, kill: Kill): PageWork {
  let start: number | undefined;
  let isMeasured = false;
  const check = async () => {
    const now = pid === undefined ? undefined : await processorTime(pid);
    if (!isMeasured || now === undefined) return;
    start ??= now;
    if (now - start > mostPageWorkMs)
      kill(new ParseFailure('too-complex', 'Read document: a page takes too much work'));
  };
  const timer = setInterval(() => void check(), checkMs);
  return {
    begin() {
      isMeasured = true;
      start = undefined;
    },
    recognize() {
      isMeasured = false;
    },
    stop: () => clearInterval(timer),
  };
}

/** Milliseconds that a process has used of processors. */
async function processorTime(pid: number): Promise<number | undefined> {
  try {
    const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * tickMs;
  } catch {
    return undefined;
  }
}
