import { didYouMean } from '../../kernel/nearest.ts';
import type { Report } from '../control/contract.ts';
import type { ProcessEntry } from '../home/journal.ts';
import type { Marks } from '../release/release-inputs.ts';
import { queuesOf, readUnit, type Unit } from '../unit.ts';
import { type Change, changeUnit } from './change.ts';
import { createManagedUnit, type ManagedUnit, type UnitTools } from './managed-unit.ts';
import { type DeployOptions, type DeploySource, deploy } from './operations/deploy.ts';
import { start } from './operations/start.ts';
import { byRole } from './state.ts';

export interface UnitsDeps {
  tools: UnitTools;
  /** Makes the folders that a unit's processes need. */
  prepare(unit: Unit): Promise<void>;
  /** What is deployed where nothing else is named. @throws when that is damaged */
  ownSource(): DeploySource;
  /** @throws when the database has no room for the processes of all these */
  assertRoom(units: readonly Unit[]): void;
  /** Called after a unit's processes were replaced. */
  onDeployed(units: readonly ManagedUnit[]): Promise<void>;
}

/** Thrown for a name that no function or worker has. */
export class UnknownUnit extends Error {}

/**
 * When the platform stops, a worker has so long to finish its jobs. Those of minutes are given back instead: they continue
 * behind what they have stored, and a stop must not take as long as the longest of them may.
 */
const WORKER_STOP_SECONDS = 5;

/** All functions and workers of a platform. */
export class Units {
  readonly #units = new Map<string, ManagedUnit>();
  readonly #deps: UnitsDeps;

  constructor(declared: readonly Unit[], deps: UnitsDeps) {
    this.#deps = deps;
    for (const unit of declared) this.#add(unit);
  }

  get all(): readonly ManagedUnit[] {
    return [...this.#units.values()];
  }

  /** @throws UnknownUnit */
  find(name: string): ManagedUnit {
    const unit = this.#units.get(name);
    if (unit) return unit;
    const known = [...this.#units.keys()];
    throw new UnknownUnit(`Find function or worker "${name}": known are ${known.join(', ')}${didYouMean(name, known)}`);
  }

  /** The worker of a queue. @throws UnknownUnit for one that serves others too, which would be paused with it */
  ofQueue(name: string): ManagedUnit {
    const server = this.all.find(
      ({ declared }) => declared.kind === 'worker' && name in (declared.manifest.queues ?? {}),
    );
    if (server)
      throw new UnknownUnit(`Find queue "${name}": worker "${server.name}" serves it with others; name that worker`);
    return this.find(name);
  }

  /** A unit as its folder says now. @throws UnknownUnit */
  async reread(name: string, root = this.#deps.tools.root): Promise<Unit> {
    const unit = await readUnit(root, name);
    if (unit) return unit;
    this.find(name);
    throw new UnknownUnit(`Find function or worker "${name}": its folder is gone`);
  }

  /**
   * Starts or adopts everything, each unit by itself. @throws when one does not start, unless what ran is restored: that
   * one is tried again and again then
   */
  async start(
    { restore, found }: { restore: boolean; found: readonly ProcessEntry[] },
    progress: (line: string) => void,
  ): Promise<void> {
    this.#deps.tools.journal.state.processes = found.filter(({ unit }) => this.#units.has(unit));
    await Promise.all(this.all.map(({ declared }) => this.#deps.prepare(declared)));
    const failures: string[] = [];
    const report: Report = ({ unit, step, ms, message = '', log = '' }) => {
      if (step === 'failed') failures.push(`${message}\n${log}`);
      if (step === 'done') {
        progress(`  ${unit} ${message === 'asleep' ? message : `ready (${ms} ms) ${message}`}`.trimEnd());
      }
      if (step === 'fallback') progress(`  ${message}\n${log}`.trimEnd());
    };
    const marks: Marks = new Map();
    await Promise.all(
      this.all.map((managed) => {
        const mine = found.filter(({ unit }) => unit === managed.name);
        return changeUnit(managed, report, (change) => start(change, { restore, found: mine, marks }));
      }),
    );
    if (failures.length > 0 && !restore) throw new Error(failures.join('\n'));
    for (const failure of failures) progress(failure);
  }

  /** Changes units one after the other. @returns whether all succeeded @throws UnknownUnit, and none was changed */
  async change(
    names: readonly string[],
    report: Report,
    operation: (change: Change) => Promise<void>,
  ): Promise<boolean> {
    const found = names.map((name) => this.find(name));
    let all = true;
    for (const managed of found) {
      if (await changeUnit(managed, report, operation)) await this.#deps.onDeployed(this.all);
      else all = false;
    }
    return all;
  }

  /** Deploys units as their folders say now, one after the other: a mistake in one is seen before the next is touched. */
  async deploy(
    names: readonly string[],
    options: DeployOptions,
    report: Report,
    source: DeploySource = this.#deps.ownSource(),
  ): Promise<boolean> {
    const read = await Promise.allSettled(names.map((name) => this.reread(name, source.root)));
    const mistakes = read.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []));
    if (mistakes.length > 0) throw new Error(mistakes.map(({ message }) => message).join('\n'));
    const fresh = new Map(
      read.flatMap((result) => (result.status === 'fulfilled' ? [[result.value.name, result.value]] : [])),
    );
    const planned = new Map(this.all.map(({ name, declared }) => [name, declared]));
    this.#deps.assertRoom([...new Map([...planned, ...fresh]).values()]);
    for (const [name, unit] of fresh) {
      const known = this.#units.get(name);
      const made = known ? queuesOf([known.declared]).map((queue) => queue.name) : [];
      const missing = queuesOf([unit]).find((queue) => !made.includes(queue.name));
      if (known && missing)
        throw new UnknownUnit(`Deploy "${name}": queue "${missing.name}" is new; restart the platform, which makes it`);
      if (known) continue;
      if (unit.kind === 'worker') {
        throw new UnknownUnit(`Deploy worker "${name}": it is new; restart the platform, which makes its queue`);
      }
      await this.#deps.prepare(unit);
      await this.#add(unit).activation?.listen();
    }
    return this.change(names, report, (change) =>
      deploy(change, fresh.get(change.managed.name) as Unit, options, source),
    );
  }

  /** Lets everything finish what it has, and ends it. */
  async stop(): Promise<void> {
    const { journal } = this.#deps.tools;
    await Promise.all(
      this.all.map(async ({ declared, state, lock, activation }) => {
        const seconds = declared.kind === 'worker' ? WORKER_STOP_SECONDS : undefined;
        await Promise.all([activation?.close(), ...byRole(state).map(({ processes }) => processes.drain(seconds))]);
        await lock.released();
      }),
    );
    journal.state.processes = [];
    await journal.save();
  }

  /** Leaves all processes running, and looks after them no more. */
  async detach(): Promise<void> {
    await Promise.all(
      this.all.map(async (managed) => {
        await managed.activation?.close();
        for (const { processes } of byRole(managed.state)) processes.detach();
      }),
    );
    await this.#deps.tools.journal.save();
  }

  /** Ends what still runs without waiting. */
  kill(): void {
    for (const { state } of this.all) for (const { processes } of byRole(state)) processes.kill();
  }

  #add(unit: Unit): ManagedUnit {
    const managed = createManagedUnit(unit, this.#deps.tools);
    this.#units.set(unit.name, managed);
    return managed;
  }
}
