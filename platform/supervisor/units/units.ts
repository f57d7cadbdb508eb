import { didYouMean } from '../../kernel/nearest.ts';
import type { Report } from '../control-contract.ts';
import type { Counters } from '../counters.ts';
import type { EdgeAnswers } from '../edge-answers.ts';
import type { Journal, ProcessEntry } from '../journal.ts';
import type { End, Instance } from '../process/instance.ts';
import { askInstance } from '../process/probe.ts';
import { createRunner, type DeployOptions, type Runner, type RunnerDeps } from '../runner.ts';
import { createTraffic } from '../traffic/traffic.ts';
import { readUnit, type Unit } from '../unit.ts';

export interface FleetDeps extends Omit<RunnerDeps, 'onChange' | 'onEnded' | 'traffic' | 'state' | 'save'> {
  counters: Counters;
  edgeAnswers: EdgeAnswers;
  /** Makes the folders that a unit's processes need. */
  prepare(unit: Unit): Promise<void>;
  /** Called after a unit's processes were replaced. */
  onDeployed(fleet: Fleet): Promise<void>;
  /** Called when a process of a unit has ended, however it did. */
  onEnded(unit: Unit, instance: Instance, end: End): Promise<void>;
}

/** All functions and workers of a platform. */
export interface Fleet {
  readonly runners: readonly Runner[];
  /** @throws UnknownUnit */
  find(name: string): Runner;
  /**
   * Starts or adopts everything, each unit by itself. @throws when one does not start, unless what ran is restored: that
   * one is tried again and again then
   */
  start(options: { restore: boolean; found: readonly ProcessEntry[] }, progress: (line: string) => void): Promise<void>;
  /** Deploys units as their folders say now, one after the other: a mistake in one is seen before the next is touched. */
  deploy(names: readonly string[], options: DeployOptions, report: Report): Promise<boolean>;
  /** Another change of units, one after the other. */
  change(names: readonly string[], work: (runner: Runner) => Promise<boolean>): Promise<boolean>;
  /** A unit as its folder says now. @throws UnknownUnit */
  reread(name: string): Promise<Unit>;
  /** The figures of all processes as one Prometheus text. */
  metrics(): Promise<string>;
  /** Those of what the edge answered itself, as a Prometheus text. */
  edgeFigures(): Promise<string>;
  stop(): Promise<void>;
  /** Leaves all processes running, and looks after them no more. */
  detach(): Promise<void>;
  kill(): void;
}

/** Thrown for a name that no function or worker has. */
export class UnknownUnit extends Error {}

export function createFleet(units: readonly Unit[], journal: Journal, deps: FleetDeps): Fleet {
  const runners = new Map<string, Runner>();

  const record = () => {
    journal.state.processes = [...runners.values()].flatMap(processEntries);
    journal.save().catch((error: unknown) => deps.log.error({ error }, 'Journal: not written'));
  };
  const add = (unit: Unit) => {
    const runner = createRunner(unit, {
      ...deps,
      state: journal.unit(unit.name),
      save: journal.save,
      traffic: unit.kind === 'function' ? createTraffic(deps.folders.run, unit.name) : undefined,
      onChange: record,
      async onEnded(instance, end) {
        await deps.counters.end(instance.id, instance.socket);
        await deps.onEnded(unit, instance, end);
      },
    });
    runners.set(unit.name, runner);
    return runner;
  };
  for (const unit of units) add(unit);

  const find = (name: string): Runner => {
    const runner = runners.get(name);
    if (runner) return runner;
    const known = [...runners.keys()];
    throw new UnknownUnit(`Find function or worker "${name}": known are ${known.join(', ')}${didYouMean(name, known)}`);
  };

  const reread = async (name: string): Promise<Unit> => {
    const unit = await readUnit(deps.root, name);
    if (unit) return unit;
    find(name);
    throw new UnknownUnit(`Find function or worker "${name}": its folder is gone`);
  };

  const change: Fleet['change'] = async (names, work) => {
    const found = names.map(find);
    let all = true;
    for (const runner of found) {
      if (await work(runner)) await deps.onDeployed(fleet);
      else all = false;
    }
    return all;
  };

  const fleet: Fleet = {
    get runners() {
      return [...runners.values()];
    },
    find,
    reread,
    change,
    async start({ restore, found }, progress) {
      await Promise.all(units.map(deps.prepare));
      const failures: string[] = [];
      const report: Report = ({ unit, step, ms, message = '', log = '' }) => {
        if (step === 'failed') failures.push(`${message}\n${log}`);
        if (step === 'done')
          progress(`  ${unit} ${message === 'asleep' ? message : `ready (${ms} ms) ${message}`}`.trimEnd());
        if (step === 'fallback') progress(`  ${message}\n${log}`.trimEnd());
      };
      await Promise.all(
        fleet.runners.map(async (runner) => {
          const mine = found.filter(({ unit }) => unit === runner.unit.name);
          await runner.start({ restore, found: mine }, report);
        }),
      );
      if (failures.length > 0 && !restore) throw new Error(failures.join('\n'));
      for (const failure of failures) progress(failure);
    },
    async deploy(names, options, report) {
      const read = await Promise.allSettled(names.map(reread));
      const mistakes = read.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []));
      if (mistakes.length > 0) throw new Error(mistakes.map(({ message }) => message).join('\n'));
      const fresh = new Map(
        read.flatMap((result) => (result.status === 'fulfilled' ? [[result.value.name, result.value]] : [])),
      );
      for (const [name, unit] of fresh) {
        if (runners.has(name)) continue;
        if (unit.kind === 'worker') {
          throw new UnknownUnit(`Deploy worker "${name}": it is new; restart the platform, which makes its queue`);
        }
        await deps.prepare(unit);
        await add(unit).sleep?.listen();
      }
      return change(names, (runner) => runner.deploy(fresh.get(runner.unit.name) as Unit, options, report));
    },
    async metrics() {
      const instances = fleet.runners.flatMap(({ serving }) => serving.sets.flatMap(({ set }) => set.instances));
      const sockets = new Map(instances.map(({ id, socket }) => [id, socket]));
      const ask = (id: string) => askInstance(sockets.get(id) as string, '/_pandect/metrics');
      const own = [platformMetrics(fleet.runners), await fleet.edgeFigures()].join('\n');
      return deps.counters.expose([...sockets.keys()], ask, own);
    },
    edgeFigures: () =>
      deps.edgeAnswers.read(
        fleet.runners.flatMap(({ unit: { kind, manifest } }) => (kind === 'function' ? manifest.mount : [])),
      ),
    async stop() {
      await Promise.all(fleet.runners.map((runner) => runner.stop()));
      journal.state.processes = [];
      await journal.save();
    },
    async detach() {
      await Promise.all(fleet.runners.map((runner) => runner.detach()));
      await journal.save();
    },
    kill() {
      for (const runner of fleet.runners) runner.kill();
    },
  };
  return fleet;
}

const processEntries = ({ unit, serving }: Runner): ProcessEntry[] =>
  serving.sets.flatMap(({ role, set }) =>
    set.instances
      .filter(({ pid }) => pid > 0)
      .map(({ id, release, pid, startTime, socket, settings, startedAt, startMs, state }) => ({
        unit: unit.name,
        role: state === 'draining' ? 'replaced' : role,
        id,
        release,
        pid,
        startTime,
        socket,
        ...(settings !== undefined && { settings }),
        startedAt: startedAt.toISOString(),
        ...(startMs !== undefined && { startMs }),
      })),
  );

function platformMetrics(runners: readonly Runner[]): string {
  const lines = (name: string, type: string, help: string, value: (runner: Runner) => number) => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...runners.map((runner) => `${name}{unit="${runner.unit.name}"} ${value(runner)}`),
  ];
  const ready = ({ serving }: Runner) => serving.sets.reduce((sum, { set }) => sum + set.ready.length, 0);
  return [
    ...lines('pandect_instances', 'gauge', 'Processes that are ready', ready),
    ...lines(
      'pandect_restarts_total',
      'counter',
      'Processes started again after one ended',
      ({ serving }) => serving.restarts,
    ),
    ...lines(
      'pandect_wakes_total',
      'counter',
      'Times a sleeping function was woken',
      ({ sleep }) => sleep?.count() ?? 0,
    ),
  ].join('\n');
}
