import type { InstanceReport } from '../../kernel/instance-report.ts';
import { readReport } from '../process/probe.ts';
import type { ReleaseProcesses } from '../units/release-processes.ts';
import { type Counts, judgeWatch } from './judge-watch.ts';

const LOOK_MS = 250;

/** What the processes of a release say of themselves; those that do not answer are left out. */
export async function readReports(processes: ReleaseProcesses | undefined): Promise<InstanceReport[]> {
  const reports = await Promise.all((processes?.ready ?? []).map(({ socket }) => readReport(socket)));
  return reports.filter((report) => report !== undefined);
}

/** Requests or jobs begun and failed, over all processes of a release. */
export async function countOf(processes: ReleaseProcesses | undefined): Promise<Counts> {
  const reports = await readReports(processes);
  return {
    begun: reports.reduce((sum, { begun }) => sum + begun, 0),
    failed: reports.reduce((sum, { failed }) => sum + failed, 0),
  };
}

/**
 * Looks after a release for so many seconds after it began to serve. Resolves with why it must be given up, or
 * undefined when it may stay.
 */
export async function watchRelease(
  processes: ReleaseProcesses,
  before: Counts,
  seconds: number,
): Promise<string | undefined> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const over = performance.now() >= end;
    const verdict = judgeWatch({ now: await countOf(processes), before, loss: processes.lastLoss?.end.detail, over });
    if (verdict !== 'wait') return verdict === 'keep' ? undefined : verdict.restore;
    await new Promise((resolve) => setTimeout(resolve, Math.min(LOOK_MS, Math.max(1, end - performance.now()))));
  }
}
