import type { InstanceReport } from '../../kernel/instance-report.ts';
import type { Log } from '../../kernel/log.ts';
import { readReport } from '../process/probe.ts';
import type { ManagedUnit } from '../units/managed-unit.ts';
import type { ReleaseProcesses } from '../units/release-processes.ts';
import type { FunctionScaling } from './decide-instances.ts';
import type { HostMemory } from './host-memory.ts';
import { type Decision, type ScalingState, startScaling } from './stable-window.ts';

export type Reports = ReadonlyMap<string, InstanceReport>;

/** What the scaler remembers of a unit from one look to the next. */
export interface Scaled {
  processes: ReleaseProcesses;
  scaling: ScalingState | FunctionScaling;
  /** The last reports, by instance, and when they came. */
  reports: Reports;
  reportedAt: number;
  /** Whether the last decision was held back, which is logged once. */
  isHeld: boolean;
  /** By the clock of `performance.now`: no earlier can a function that may have one process only sleep. */
  awakeUntil: number;
  /** No earlier is a function that had next to nothing to do looked at again. */
  calmUntil: number;
}

/** By unit. */
export type Known = Map<string, Scaled>;

export interface ScalingTools {
  known: Known;
  hostMemory(): HostMemory;
  log: Log;
}

/** What is remembered of these processes; begun again when they are others or were scaled by a command. */
export function remembered(known: Known, name: string, processes: ReleaseProcesses): Scaled {
  const last = known.get(name);
  if (last?.processes === processes && last.scaling.wanted === processes.wanted) return last;
  const scaling = startScaling(processes.wanted);
  const fresh = { processes, scaling, reports: new Map(), reportedAt: 0, isHeld: false, awakeUntil: 0, calmUntil: 0 };
  known.set(name, fresh);
  return fresh;
}

/** Whether what was read of these processes still counts: no change has begun since. */
export const isUnchanged = ({ lock, state }: ManagedUnit, processes: ReleaseProcesses): boolean =>
  !lock.isHeld && state.current === processes;

export async function apply(
  managed: ManagedUnit,
  scaled: Scaled,
  { wanted, held, reason, state }: Decision,
  log: Log,
): Promise<void> {
  const { processes } = scaled;
  const isHeldNow = held && !scaled.isHeld;
  scaled.scaling = state;
  scaled.isHeld = held;
  managed.heldBecause = held ? reason : undefined;
  if (wanted !== processes.wanted || isHeldNow)
    log.info({ unit: managed.name, from: processes.wanted, to: wanted, reason }, 'Scale');
  if (wanted !== processes.wanted) await processes.scale(wanted);
}

export async function reportsOf({ ready }: ReleaseProcesses): Promise<Reports> {
  const answers = await Promise.all(ready.map(async ({ id, socket }) => [id, await readReport(socket)] as const));
  return new Map(answers.flatMap(([id, report]) => (report ? [[id, report] as const] : [])));
}

/**
 * Reports with those of before for processes that gave none this time: one that is too busy to answer has as many requests in flight as it
 * had, not none.
 */
export const withSilent = (
  answered: Reports,
  before: Reports,
  ready: readonly Pick<ReleaseProcesses['ready'][number], 'id'>[],
): Reports =>
  new Map(
    ready.flatMap(({ id }) => {
      const report = answered.get(id) ?? before.get(id);
      return report ? [[id, report] as const] : [];
    }),
  );
