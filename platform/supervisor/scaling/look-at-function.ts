import { availableParallelism } from 'node:os';
import type { InstanceReport } from '../../kernel/instance-report.ts';
import type { ManagedUnit } from '../units/managed-unit.ts';
import { decideInstances, type FunctionSample, type FunctionScaling } from './decide-instances.ts';
import {
  apply,
  isUnchanged,
  type Reports,
  remembered,
  reportsOf,
  type Scaled,
  type ScalingTools,
  withSilent,
} from './scaled.ts';
import { untilSleep } from './until-sleep.ts';

/** Scales an awake function, or lets it sleep. */
export async function lookAtFunction(managed: ManagedUnit, { known, hostMemory, log }: ScalingTools): Promise<void> {
  const { name, unit, state, activation } = managed;
  const processes = state.current;
  if (unit.kind !== 'function' || !processes || processes.wanted === 0) return;
  const { instances } = unit.manifest;
  if (instances.max === 1 && instances.min === 1) return;
  const mine = remembered(known, name, processes);
  // All that can happen to one that stays single is that it goes to sleep.
  const isSingle = instances.max === 1 && processes.wanted === 1 && state.record.scale === undefined;
  if (performance.now() < (isSingle ? mine.awakeUntil : mine.calmUntil)) return;
  const answered = await reportsOf(processes);
  if (!isUnchanged(managed, processes)) return;
  const held = activation?.held() ?? 0;
  const { canary, record } = managed.state;
  const left = untilSleep(
    {
      reports: processes.ready.map(({ id }) => answered.get(id)),
      held,
      changing: canary !== undefined,
      fixed: record.scale,
    },
    unit.manifest,
  );
  if (left === 0) {
    log.info({ unit: name }, 'Sleep');
    return processes.scale(0);
  }
  mine.awakeUntil = performance.now() + left;
  const reports = withSilent(answered, mine.reports, processes.ready);
  const sample = {
    at: performance.now(),
    instances: processes.wanted,
    inFlight: sum(reports, ({ inFlight }) => inFlight) + held,
    begun: grown(mine.reports, reports, 'begun'),
    refused: grown(mine.reports, reports, 'refused'),
    busy: busyOf(mine, reports),
    host: hostMemory(),
    connections: managed.tools.connectionRoom(unit),
  };
  mine.reports = reports;
  mine.reportedAt = sample.at;
  mine.calmUntil = isCalm(sample, unit.manifest.concurrency) ? sample.at + CALM_MS : 0;
  const rules = { manifest: unit.manifest, cores: availableParallelism(), fixed: record.scale };
  await apply(managed, mine, decideInstances(mine.scaling as FunctionScaling, sample, rules), log);
}

/** A single process with next to nothing to do is looked at less often: fifty of them would keep the supervisor busy. */
const CALM_MS = 3_000;
const isCalm = ({ instances, inFlight, refused, busy }: FunctionSample, concurrency: number): boolean =>
  instances === 1 && refused === 0 && busy < 0.2 && inFlight < concurrency / 10;

/**
 * Processors that event loops kept busy since the last reports. A loop that waits for a processor is busy too, and one that
 * other threads work for is not: of both figures the lower one counts, since more processes help against neither.
 */
function busyOf({ reports: before, reportedAt }: Scaled, now: Reports): number {
  const ms = Math.max(1, performance.now() - reportedAt);
  return [...now].reduce((total, [id, { loop }]) => {
    const last = before.get(id)?.loop;
    if (!loop || !last) return total;
    return total + Math.min(1, Math.min(loop.busyMs - last.busyMs, loop.processorMs - last.processorMs) / ms);
  }, 0);
}

const sum = (reports: Reports, of: (report: InstanceReport) => number): number =>
  [...reports.values()].reduce((total, report) => total + of(report), 0);

/** What came since the last reports; of a process that is seen for the first time, nothing. */
const grown = (before: Reports, now: Reports, figure: 'begun' | 'refused'): number =>
  [...now].reduce((total, [id, report]) => total + report[figure] - (before.get(id) ?? report)[figure], 0);
