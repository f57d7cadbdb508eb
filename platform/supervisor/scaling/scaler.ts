import { availableParallelism } from 'node:os';
import type { InstanceReport } from '../../kernel/instance-report.ts';
import type { Log } from '../../kernel/log.ts';
import { readReport } from '../process/probe.ts';
import type { QueueDepths } from '../queues/queue-depths.ts';
import type { Runner } from '../runner.ts';
import type { Unit } from '../unit.ts';
import type { ReplicaSet } from '../units/release-processes.ts';
import { decideInstances, type FunctionScaling } from './decide-instances.ts';
import { decideWorkers } from './decide-workers.ts';
import type { HostMemory } from './host-memory.ts';
import { type Decision, type ScalingState, startScaling } from './stable-window.ts';
import { untilSleep } from './until-sleep.ts';

const LOOK_MS = 1_000;

interface ScalerOptions {
  runners(): readonly Runner[];
  queues: QueueDepths;
  hostMemory(): HostMemory;
  log: Log;
}

interface Known {
  set: ReplicaSet;
  scaling: ScalingState | FunctionScaling;
  /** The last reports, by instance. */
  reports: ReadonlyMap<string, InstanceReport>;
  /** Whether the last decision was held back, which is logged once. */
  held: boolean;
  /** By the clock of `performance.now`: no earlier can a function sleep. */
  awakeUntil: number;
}

/**
 * Looks once a second at what can be scaled, lets the pure decisions beside it decide, and does what they say. What has
 * nothing to decide is not asked: most units have one process and never sleep.
 */
export function startScaler({ runners, queues, hostMemory, log }: ScalerOptions): { stop(): Promise<void> } {
  const known = new Map<string, Known>();

  const apply = async ({ unit }: Runner, state: Known, { wanted, held, reason, state: scaling }: Decision) => {
    state.scaling = scaling;
    const isHeldNow = held && !state.held;
    state.held = held;
    if (wanted !== state.set.wanted || isHeldNow) {
      log.info({ unit: unit.name, from: state.set.wanted, to: wanted, reason }, 'Scale');
    }
    if (wanted !== state.set.wanted) await state.set.scale(wanted);
  };

  const lookAtFunction = async (runner: Runner, set: ReplicaSet) => {
    const { unit, sleep, state } = runner;
    if (unit.kind !== 'function' || set.wanted === 0) return;
    const { instances } = unit.manifest;
    if (instances.max === 1 && instances.min === 1) return;
    const mine = remembered(runner, set);
    // All that can happen to one that stays single is that it goes to sleep.
    const isSingle = instances.max === 1 && set.wanted === 1 && state.scale === undefined;
    if (isSingle && performance.now() < mine.awakeUntil) return;
    const reports = await reportsOf(set);
    if (runner.changing || runner.serving.current !== set) return;
    const held = sleep?.held() ?? 0;
    const changing = runner.serving.canary !== undefined;
    const left = untilSleep(
      { reports: set.ready.map(({ id }) => reports.get(id)), held, changing, fixed: state.scale },
      unit.manifest,
    );
    if (left === 0) {
      log.info({ unit: unit.name }, 'Sleep');
      return set.scale(0);
    }
    mine.awakeUntil = performance.now() + left;
    const sample = {
      at: performance.now(),
      instances: set.wanted,
      inFlight: sum(reports, ({ inFlight }) => inFlight) + held,
      begun: grown(mine.reports, reports, 'begun'),
      refused: grown(mine.reports, reports, 'refused'),
      host: hostMemory(),
    };
    mine.reports = reports;
    const decision = decideInstances(mine.scaling as FunctionScaling, sample, {
      manifest: unit.manifest,
      fixed: state.scale,
    });
    await apply(runner, mine, decision);
  };

  const lookAtWorker = async (runner: Runner, set: ReplicaSet, depths: Awaited<ReturnType<QueueDepths['read']>>) => {
    const { unit, state } = runner;
    if (unit.kind !== 'worker' || set.wanted === 0) return;
    const { instances, jobsPerProcess } = unit.manifest;
    if (jobsPerProcess > 0) await replaceWorn(set, jobsPerProcess);
    if (runner.changing || runner.serving.current !== set || instances.min === instances.max) return;
    const depth = depths.get(unit.name);
    if (!depth) return;
    const mine = remembered(runner, set);
    const sample = {
      at: performance.now(),
      instances: set.wanted,
      waiting: depth.waiting,
      oldestSeconds: depth.oldestSeconds,
      working: depth.active,
      jobSeconds: meanSeconds(await reportsOf(set)),
      host: hostMemory(),
    };
    const rules = { manifest: unit.manifest, cores: availableParallelism(), fixed: state.scale };
    await apply(runner, mine, decideWorkers(mine.scaling, sample, rules));
  };

  /** A process that has done its share of jobs makes way for a new one, which begins first. */
  const replaceWorn = async (set: ReplicaSet, jobs: number) => {
    for (const instance of set.ready) {
      const report = await readReport(instance.socket);
      if ((report?.begun ?? 0) < jobs) continue;
      log.info(
        { unit: set.unit.name, pid: instance.pid, jobs: report?.begun },
        'Replace worker: it has done its share',
      );
      await set.replace(instance, { reason: 'jobs-done', detail: `${report?.begun} of ${jobs} jobs` });
    }
  };

  const remembered = ({ unit }: Runner, set: ReplicaSet): Known => {
    const last = known.get(unit.name);
    if (last?.set === set && last.scaling.wanted === set.wanted) return last;
    const fresh = { set, scaling: startScaling(set.wanted), reports: new Map(), held: false, awakeUntil: 0 };
    known.set(unit.name, fresh);
    return fresh;
  };

  const look = async () => {
    const idle = runners().filter(({ changing, serving }) => !changing && serving.current);
    const workers = idle.flatMap(({ unit }) => (unit.kind === 'worker' ? [unit] : []));
    const scaled = workers.some(({ manifest: { instances } }) => instances.max > instances.min);
    const depths = scaled ? await queues.read(capsOf(workers)) : new Map();
    await Promise.all(
      idle.map(async (runner) => {
        const set = runner.serving.current as ReplicaSet;
        await lookAtFunction(runner, set);
        await lookAtWorker(runner, set, depths);
      }),
    );
  };
  let looking: Promise<void> | undefined;
  const timer = setInterval(() => {
    looking ??= look()
      .catch((error: unknown) => log.warn({ error }, 'Scale: failed; it is tried again'))
      .finally(() => {
        looking = undefined;
      });
  }, LOOK_MS);
  return {
    async stop() {
      clearInterval(timer);
      await looking;
    },
  };
}

/** How many jobs one organization may have under way, by queue. */
export const capsOf = (units: readonly Unit[]): Map<string, number> =>
  new Map(
    units.flatMap(({ kind, name, manifest }) =>
      kind === 'worker' && manifest.perOrganization !== undefined ? [[name, manifest.perOrganization] as const] : [],
    ),
  );

type Reports = ReadonlyMap<string, InstanceReport>;

async function reportsOf(set: ReplicaSet): Promise<Reports> {
  const answers = await Promise.all(set.ready.map(async ({ id, socket }) => [id, await readReport(socket)] as const));
  return new Map(answers.flatMap(([id, report]) => (report ? [[id, report] as const] : [])));
}

const sum = (reports: Reports, of: (report: InstanceReport) => number): number =>
  [...reports.values()].reduce((total, report) => total + of(report), 0);

/** What came since the last reports; of a process that is seen for the first time, nothing. */
const grown = (before: Reports, now: Reports, figure: 'begun' | 'refused'): number =>
  [...now].reduce((total, [id, report]) => total + report[figure] - (before.get(id) ?? report)[figure], 0);

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
