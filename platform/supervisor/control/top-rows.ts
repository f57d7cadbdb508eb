import type { InstanceReport } from '../../kernel/instance-report.ts';
import type { TopRow } from '../control-contract.ts';
import type { Platform } from '../platform.ts';
import { privateBytes } from '../process/memory.ts';
import { readReport } from '../process/probe.ts';
import type { Runner } from '../runner.ts';
import { capsOf } from '../scaling/scaler.ts';

/** `pandect top`: what all processes of each unit have done so far. */
export async function topRows({ fleet, queues }: Pick<Platform, 'fleet' | 'queues'>): Promise<TopRow[]> {
  const depths = await queues.read(capsOf(fleet.runners.map(({ unit }) => unit)));
  return Promise.all(
    fleet.runners.map(async (runner): Promise<TopRow> => {
      const row = await topRow(runner);
      const depth = depths.get(row.name);
      return depth ? { ...row, waiting: depth.waiting, oldestSeconds: depth.oldestSeconds } : row;
    }),
  );
}

async function topRow({ unit, serving, sleep }: Runner): Promise<TopRow> {
  const instances = serving.sets.flatMap(({ set }) => set.instances);
  const answers = await Promise.all(instances.map(({ socket }) => readReport(socket)));
  const reports = answers.filter((report) => report !== undefined);
  const sum = (of: (report: InstanceReport) => number) => reports.reduce((total, report) => total + of(report), 0);
  const bounds = reports[0]?.durations.bounds ?? [];
  return {
    name: unit.name,
    kind: unit.kind,
    instances: serving.current?.ready.length ?? 0,
    wanted: serving.current?.wanted ?? 0,
    inFlight: sum(({ inFlight }) => inFlight) + (sleep?.held() ?? 0),
    begun: sum(({ begun }) => begun),
    failed: sum(({ failed }) => failed),
    refused: sum(({ refused }) => refused),
    durations: {
      bounds,
      counts: [...bounds, undefined].map((_, index) => sum(({ durations }) => durations.counts[index] ?? 0)),
    },
    memoryBytes: instances.reduce((total, { pid }) => total + (privateBytes(pid) ?? 0), 0),
    ...(sleep && { wakes: sleep.wakes }),
  };
}
