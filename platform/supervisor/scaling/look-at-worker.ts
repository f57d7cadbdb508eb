import { availableParallelism } from 'node:os';
import type { QueueDepth } from '../../capabilities/queue/pgboss/select-depths.ts';
import type { Log } from '../../kernel/log.ts';
import { readReport } from '../process/probe.ts';
import type { ManagedUnit } from '../units/managed-unit.ts';
import type { ReleaseProcesses } from '../units/release-processes.ts';
import { decideWorkers } from './decide-workers.ts';
import { apply, isUnchanged, type Reports, remembered, reportsOf, type ScalingTools } from './scaled.ts';

/** Scales a worker by the depth of its queue, undefined when that is not known, and replaces worn processes. */
export async function lookAtWorker(
  managed: ManagedUnit,
  depth: QueueDepth | undefined,
  { known, hostMemory, log }: ScalingTools,
): Promise<void> {
  const { name, unit, state } = managed;
  const processes = state.current;
  if (unit.kind !== 'worker' || !processes || processes.wanted === 0) return;
  const { instances, jobsPerProcess } = unit.manifest;
  if (jobsPerProcess > 0) await replaceWorn(processes, jobsPerProcess, log);
  if (!depth || !isUnchanged(managed, processes) || instances.min === instances.max) return;
  const mine = remembered(known, name, processes);
  const sample = {
    at: performance.now(),
    instances: processes.wanted,
    waiting: depth.waiting,
    oldestSeconds: depth.oldestSeconds,
    working: depth.active,
    jobSeconds: meanSeconds(await reportsOf(processes)),
    host: hostMemory(),
    connections: managed.tools.connectionRoom(unit),
  };
  const rules = { manifest: unit.manifest, cores: availableParallelism(), fixed: managed.state.record.scale };
  await apply(managed, mine, decideWorkers(mine.scaling, sample, rules), log);
}

/** A process that has done its share of jobs makes way for a new one, which begins first. */
async function replaceWorn(processes: ReleaseProcesses, jobs: number, log: Log): Promise<void> {
  const unit = processes.unit.name;
  for (const instance of processes.ready) {
    const report = await readReport(instance.socket);
    if ((report?.begun ?? 0) < jobs) continue;
    log.info({ unit, pid: instance.pid, jobs: report?.begun }, 'Replace worker: it has done its share');
    await processes.replace(instance, { reason: 'jobs-done', detail: `${report?.begun} of ${jobs} jobs` });
  }
}

/** How long a job takes in the mean, from the middle of the buckets that they were counted in. */
function meanSeconds(reports: Reports): number | undefined {
  let [jobs, seconds] = [0, 0];
  for (const { durations } of reports.values()) {
    for (const [index, count] of durations.counts.entries()) {
      const to = durations.bounds[index] ?? durations.bounds.at(-1) ?? 0;
      jobs += count;
      seconds += (count * ((durations.bounds[index - 1] ?? 0) + to)) / 2;
    }
  }
  return jobs === 0 ? undefined : seconds / jobs;
}
