import type { InstanceReport } from '../../kernel/instance-report.ts';
import type { Platform } from '../platform.ts';
import { privateBytes } from '../process/memory.ts';
import { readReport } from '../process/probe.ts';
import { depthOf } from '../queues/queue-depths.ts';
import { capsOf } from '../scaling/scaler.ts';
import type { ManagedUnit } from '../units/managed-unit.ts';
import { byRole } from '../units/state.ts';
import type { TopRow } from './contract.ts';

/** `pandect top`: what all processes of each unit have done so far. */
export async function topRows({ units, queues }: Pick<Platform, 'units' | 'queues'>): Promise<TopRow[]> {
  const depths = await queues.read(capsOf(units.all.map(({ unit }) => unit)));
  return Promise.all(
    units.all.map(async (managed): Promise<TopRow> => {
      const row = await topRow(managed);
      const depth = depthOf(depths, managed.unit);
      return depth ? { ...row, waiting: depth.waiting, oldestSeconds: depth.oldestSeconds } : row;
    }),
  );
}

async function topRow({ unit, state, activation }: ManagedUnit): Promise<TopRow> {
  const instances = byRole(state).flatMap(({ processes }) => processes.instances);
  const answers = await Promise.all(instances.map(({ socket }) => readReport(socket)));
  const reports = answers.filter((report) => report !== undefined);
  const sum = (of: (report: InstanceReport) => number) => reports.reduce((total, report) => total + of(report), 0);
  const bounds = reports[0]?.durations.bounds ?? [];
  return {
    name: unit.name,
    kind: unit.kind,
    instances: state.current?.ready.length ?? 0,
    wanted: state.current?.wanted ?? 0,
    inFlight: sum(({ inFlight }) => inFlight) + (activation?.held() ?? 0),
    begun: sum(({ begun }) => begun),
    failed: sum(({ failed }) => failed),
    refused: sum(({ refused }) => refused),
    durations: {
      bounds,
      counts: [...bounds, undefined].map((_, index) => sum(({ durations }) => durations.counts[index] ?? 0)),
    },
    memoryBytes: instances.reduce((total, { pid }) => total + (privateBytes(pid) ?? 0), 0),
    ...(activation && { wakes: activation.wakes }),
  };
}
