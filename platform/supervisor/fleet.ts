import type { Journal } from './journal.ts';
import { createMetricsLedger, lastFigures } from './merge-metrics.ts';
import { askInstance } from './process/probe.ts';
import { createRunner, type DeployEvent, type Report, type Runner, type RunnerDeps } from './runner.ts';
import { readUnits, type Unit } from './unit.ts';

export interface FleetDeps extends Omit<RunnerDeps, 'onChange' | 'onEnded'> {
  /** Makes the folders that a unit's processes need. */
  prepare(unit: Unit): Promise<void>;
  /** Called after a unit's processes were replaced. */
  onDeployed(fleet: Fleet): Promise<void>;
}

/** All functions and workers of a platform. */
export interface Fleet {
  readonly runners: readonly Runner[];
  /** Starts everything, each unit by itself; @throws when one does not start */
  start(progress: (line: string) => void): Promise<void>;
  deploy(names: readonly string[], report: Report): Promise<boolean>;
  rollback(name: string, release: string | undefined, report: Report): Promise<boolean>;
  restart(names: readonly string[], report: Report): Promise<boolean>;
  history(name: string): Journal['state']['units'][string]['history'];
  /** The figures of all processes as one Prometheus text. */
  metrics(): Promise<string>;
  stop(): Promise<void>;
  kill(): void;
}

/** Thrown for a name that no function or worker has. */
export class UnknownUnit extends Error {}

export function createFleet(units: readonly Unit[], journal: Journal, deps: FleetDeps): Fleet {
  const ledger = createMetricsLedger();
  const scraped = new Map<string, string>();
  const runners = new Map<string, Runner>();

  const record = async () => {
    journal.state.processes = [
      ...journal.state.processes.filter(({ marker }) => !marker.startsWith(deps.folders.releases)),
      ...[...runners.values()].flatMap((runner) =>
        runner.instances.map((instance) => ({
          pid: instance.pid,
          marker: `${deps.folders.releases}/${runner.unit.name}/`,
        })),
      ),
    ];
    await journal.save();
  };
  const runnerDeps: RunnerDeps = {
    ...deps,
    onChange: record,
    async onEnded(instance) {
      // One that crashed left nothing; what it had counted when it was last asked is kept then.
      ledger.retire((await lastFigures(instance.socket)) || (scraped.get(instance.id) ?? ''));
      scraped.delete(instance.id);
    },
  };
  for (const unit of units) runners.set(unit.name, createRunner(unit, runnerDeps));

  const find = (name: string): Runner => {
    const runner = runners.get(name);
    if (runner) return runner;
    throw new UnknownUnit(`Find function or worker "${name}": known are ${[...runners.keys()].join(', ')}`);
  };

  const historyOf = (name: string) => journal.state.units[name]?.history ?? [];

  const remember = async (name: string, action: 'deploy' | 'rollback') => {
    const release = runners.get(name)?.release;
    if (release === undefined) return;
    journal.state.units[name] ??= { release, history: [] };
    const entry = journal.state.units[name];
    if (entry.history.at(-1)?.release === release) return;
    entry.release = release;
    const startMs = runners.get(name)?.instances[0]?.startMs;
    entry.history.push({ release, at: new Date().toISOString(), action, ...(startMs !== undefined && { startMs }) });
    entry.history.splice(0, entry.history.length - 50);
    await journal.save();
  };

  /** The units as their folders say now: manifests may have been edited, and functions may have come. */
  const reread = async (names: readonly string[]): Promise<Map<string, Unit>> => {
    const found = new Map((await readUnits(deps.root)).map((unit) => [unit.name, unit]));
    for (const name of names) {
      const unit = found.get(name) ?? find(name).unit;
      if (!found.has(name)) throw new UnknownUnit(`Find function or worker "${name}": its folder is gone`);
      if (runners.has(name)) continue;
      if (unit.kind === 'worker') {
        throw new UnknownUnit(`Deploy worker "${name}": it is new; restart the platform, which makes its queue`);
      }
      await deps.prepare(unit);
      runners.set(name, createRunner(unit, runnerDeps));
    }
    return found;
  };

  const deployOne = async (unit: Unit, report: Report): Promise<boolean> => {
    const done = await find(unit.name).deploy(unit, historyOf(unit.name), report);
    if (done) await remember(unit.name, 'deploy');
    return done;
  };

  /** One after the other, so that a mistake in one is seen before the next is touched. */
  const each = async (names: readonly string[], work: (name: string) => Promise<boolean>): Promise<boolean> => {
    for (const name of names) find(name);
    let all = true;
    for (const name of names) {
      if (await work(name)) await deps.onDeployed(fleet);
      else all = false;
    }
    return all;
  };

  const fleet: Fleet = {
    get runners() {
      return [...runners.values()];
    },
    async start(progress) {
      await Promise.all(units.map(deps.prepare));
      const failures: DeployEvent[] = [];
      const report: Report = (event) => {
        if (event.step === 'failed') failures.push(event);
        if (event.step === 'done') progress(`  ${event.unit} ready (${event.ms} ms)`);
        if (event.step === 'fallback')
          progress(`  ${event.message}; release ${event.release} is started instead\n${event.log ?? ''}`);
      };
      await Promise.all(
        units.map(async (unit) => {
          if (await find(unit.name).start(historyOf(unit.name), report)) await remember(unit.name, 'deploy');
        }),
      );
      if (failures.length === 0) return;
      throw new Error(failures.map(({ message, log }) => `${message}\n${log ?? ''}`).join('\n'));
    },
    async deploy(names, report) {
      const found = await reread(names);
      return each(names, (name) => deployOne(found.get(name) as Unit, report));
    },
    async rollback(name, release, report) {
      const done = await find(name).rollback(release, historyOf(name), report);
      if (!done) return false;
      await remember(name, 'rollback');
      await deps.onDeployed(fleet);
      return true;
    },
    restart: (names, report) => each(names, (name) => find(name).restart(report)),
    history(name) {
      find(name);
      return historyOf(name);
    },
    async metrics() {
      const instances = fleet.runners.flatMap((runner) => runner.instances);
      const texts = await Promise.all(
        instances.map(async ({ id, socket }) => {
          const text = await askInstance(socket, '/_pandect/metrics').catch(() => undefined);
          if (text !== undefined) scraped.set(id, text);
          return scraped.get(id) ?? '';
        }),
      );
      return ledger.merge([...texts, platformMetrics(fleet.runners)]);
    },
    async stop() {
      await Promise.all(fleet.runners.map((runner) => runner.stop()));
      journal.state.processes = [];
      await journal.save();
    },
    kill() {
      for (const runner of fleet.runners) runner.kill();
    },
  };
  return fleet;
}

function platformMetrics(runners: readonly Runner[]): string {
  const lines = (name: string, type: string, help: string, value: (runner: Runner) => number) => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...runners.map((runner) => `${name}{unit="${runner.unit.name}"} ${value(runner)}`),
  ];
  return [
    ...lines(
      'pandect_instances',
      'gauge',
      'Processes that are ready',
      ({ instances }) => instances.filter(({ state }) => state === 'ready').length,
    ),
    ...lines(
      'pandect_restarts_total',
      'counter',
      'Processes started again after one ended',
      ({ restarts }) => restarts,
    ),
  ].join('\n');
}
