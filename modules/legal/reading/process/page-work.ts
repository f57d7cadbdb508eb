import type { ChildProcess } from 'node:child_process';
import type { Kill } from '../../../../platform/capabilities/disposable/index.ts';
import { isolatedProcess, processorTime } from '../../../../platform/capabilities/disposable/process-figures.ts';
import { ParseFailure } from '../contract.ts';
import type { PageStage } from '../reading.ts';

/*
 * A page whose parts draw each other, in a circle or many times over, keeps a processor busy until its time is over, which
 * has to suffice for recognition on a loaded machine. What a page takes before that is measured in time of the processor.
 */

/** Milliseconds of the processor: five to ten times what large drawings, scans and their recognition take. */
const mostWorkMs: Record<PageStage, number> = {
  text: 2_000,
  drawing: 2_000,
  picture: 4_000,
  recognition: 90_000,
  files: 30_000,
};
const checkMs = 250;

export interface PageWork {
  enter(stage: PageStage): void;
  stop(): void;
}

/** Ends the process when a stage of a page takes too much work; without /proc it only has its time. */
export function watchPageWork(child: ChildProcess, kill: Kill): PageWork {
  let start: number | undefined;
  let mostMs = Number.POSITIVE_INFINITY;
  const check = async () => {
    const pid = await isolatedProcess(child);
    const now = pid === undefined ? undefined : await processorTime(pid);
    if (now === undefined) return;
    start ??= now;
    if (now - start > mostMs) kill(new ParseFailure('too-complex', 'Read document: a page takes too much work'));
  };
  const timer = setInterval(() => void check(), checkMs);
  return {
    enter(stage) {
      mostMs = mostWorkMs[stage];
      start = undefined;
    },
    stop: () => clearInterval(timer),
  };
}
