import type { InstanceReport } from '../../kernel/instance-report.ts';
import type { ManagedUnit } from '../units/managed-unit.ts';
import { decideInstances, type FunctionScaling } from './decide-instances.ts';
import { apply, isUnchanged, type Reports, remembered, reportsOf, type ScalingTools } from './scaled.ts';
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
  if (isSingle && performance.now() < mine.awakeUntil) return;
  const reports = await reportsOf(processes);
  if (!isUnchanged(managed, processes)) return;
  const held = activation?.held() ?? 0;
  const { canary, record } = managed.state;
  const left = untilSleep(
    {
      reports: processes.ready.map(({ id }) => reports.get(id)),
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
  const sample = {
    at: performance.now(),
    instances: processes.wanted,
    inFlight: sum(reports, ({ inFlight }) => inFlight) + held,
    begun: grown(mine.reports, reports, 'begun'),
    refused: grown(mine.reports, reports, 'refused'),
    host: hostMemory(),
  };
  mine.reports = reports;
  const rules = { manifest: unit.manifest, fixed: record.scale };
  await apply(name, mine, decideInstances(mine.scaling as FunctionScaling, sample, rules), log);
}

const sum = (reports: Reports, of: (report: InstanceReport) => number): number =>
  [...reports.values()].reduce((total, report) => total + of(report), 0);

/** What came since the last reports; of a process that is seen for the first time, nothing. */
const grown = (before: Reports, now: Reports, figure: 'begun' | 'refused'): number =>
  [...now].reduce((total, [id, report]) => total + report[figure] - (before.get(id) ?? report)[figure], 0);
