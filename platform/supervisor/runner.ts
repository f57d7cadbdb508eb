import { HTTPException } from 'hono/http-exception';
import type { ChangeOptions, Report } from './control-contract.ts';
import type { UnitState } from './journal.ts';
import { StartFailure } from './process/instance.ts';
import type { Build } from './release/builder.ts';
import { describeRelease } from './release/description.ts';
import { previousRelease } from './release/previous-release.ts';
import type { Release } from './release/release.ts';
import { listReleases, pruneReleases, releaseManifest } from './release/releases.ts';
import { createServing, type Serving, type ServingDeps } from './serving.ts';
import type { Unit } from './unit.ts';
import { createSleep, type Sleep } from './units/activation.ts';
import { renew } from './units/operations/renew.ts';
import { countFor, type Replacement, type Reporting, RolledBack, replaceRelease } from './units/operations/replace.ts';
import { type StartOptions, startUnit } from './units/operations/start.ts';
import type { ReplicaSet } from './units/release-processes.ts';

export interface RunnerDeps extends ServingDeps {
  root: string;
  /** Whom the edge runs as; it connects to what the supervisor answers in a function's place. */
  edgeUser: { uid: number; gid: number } | undefined;
  build: Build;
  /** What the journal holds of this unit; changed in place. */
  state: UnitState;
  /** Writes the journal. */
  save(): Promise<void>;
}

export interface DeployOptions extends ChangeOptions {
  /** Percent of the callers that get the new release at first; it does not replace the running one then. */
  canary?: number;
}

/** What can be done with a unit, one change at a time. Changes return whether they succeeded; the report says why not. */
export interface Runner {
  /** The unit as it runs, with the manifest of the release. */
  readonly unit: Unit;
  readonly serving: Serving;
  /** None for a worker. */
  readonly sleep: Sleep | undefined;
  readonly state: UnitState;
  /** A change is under way. */
  readonly changing: boolean;
  start(options: StartOptions, report: Report): Promise<boolean>;
  deploy(unit: Unit, options: DeployOptions, report: Report): Promise<boolean>;
  rollback(to: string | undefined, options: ChangeOptions, report: Report): Promise<boolean>;
  /** New processes of the same release, with the settings of now, in place of those that run. */
  restart(options: ChangeOptions, report: Report): Promise<boolean>;
  /** The share of callers, in percent, that the release under trial gets. */
  changeCanary(percent: number, report: Report): Promise<boolean>;
  promote(options: ChangeOptions, report: Report): Promise<boolean>;
  abort(report: Report): Promise<boolean>;
  /** Starts a kept release, or what the unit's folder holds, at an address of its own. */
  preview(release: string | undefined, unit: Unit, report: Report): Promise<boolean>;
  /** Ends one preview, or all. */
  endPreview(release: string | undefined, report: Report): Promise<boolean>;
  /** So many processes whatever the load is; undefined lets the load decide again. @throws outside of the manifest's range */
  fix(count: number | undefined): Promise<void>;
  /** Lets the jobs of a worker's queue wait, or be worked on again. @throws for a function */
  pause(paused: boolean): Promise<void>;
  stop(): Promise<void>;
  /** Starts and ends nothing any more. */
  detach(): Promise<void>;
  kill(): void;
}

export function createRunner(initial: Unit, deps: RunnerDeps): Runner {
  const { name } = initial;
  const { state } = deps;
  const { releases } = deps.folders;
  const serving = createServing(deps);
  const { edgeUser, log } = deps;
  const sleep =
    initial.kind === 'function' ? createSleep({ name, serving, run: deps.folders.run, edgeUser, log }) : undefined;
  let change: Promise<unknown> | undefined;

  const build = (unit: Unit) => deps.build(unit, { root: deps.root, releases });
  const prune = () =>
    pruneReleases(releases, name, [
      ...serving.sets.map(({ set }) => set.release.id),
      ...state.history.slice(-2).map(({ release }) => release),
    ]);
  const find = async (id: string | undefined) => (await listReleases(releases, name)).find((kept) => kept.id === id);
  const asBuilt = async (release: Release) =>
    ({ ...serving.current?.unit, ...initial, manifest: await releaseManifest(release) }) as Unit;

  /** A started set of a release, as many processes as ran before. */
  const started = async (unit: Unit, release: Release, report: Reporting['report']): Promise<ReplicaSet> => {
    report({ step: 'start', release: release.id });
    const set = serving.make(unit, release);
    await set.start(countFor(unit, state, serving.current?.wanted ?? 0));
    return set;
  };
  const replace = (
    action: Replacement['action'],
    unit: Unit,
    release: Release,
    options: ChangeOptions,
    reporting: Reporting,
  ) =>
    replaceRelease({ action, next: () => started(unit, release, reporting.report) }, options, reporting, {
      serving,
      state,
      save: deps.save,
    });

  /** A second change is told of the first instead of waiting in the dark. */
  const exclusive = async (report: Report, work: (reporting: Reporting) => Promise<void>): Promise<boolean> => {
    const began = performance.now();
    const reporting: Reporting = {
      report: (event) => report({ unit: name, ...event }),
      since: () => Math.round(performance.now() - began),
    };
    if (change) {
      reporting.report({ step: 'failed', message: `Change "${name}": another change is under way` });
      return false;
    }
    const mine = work(reporting).then(() => serving.current && describeRelease(serving.current, log));
    change = mine;
    try {
      await mine;
      return true;
    } catch (error) {
      const { message } = error as Error;
      if (error instanceof RolledBack) {
        reporting.report({ step: 'restored', release: error.restored, message, ...(error.log && { log: error.log }) });
      } else reporting.report({ step: 'failed', message, ...(error instanceof StartFailure && { log: error.log }) });
      return false;
    } finally {
      change = undefined;
    }
  };

  const canaryOf = (what: string) => {
    if (!serving.canary) throw new Error(`${what} "${name}": no canary is under way`);
    return serving.canary;
  };
  const assertNoCanary = (what: string) => {
    if (serving.canary) throw new Error(`${what} "${name}": a canary is under way; promote or abort it first`);
  };
  const divert = async (set: ReplicaSet, percent: number, { report, since }: Reporting) => {
    await serving.divert({ set, percent });
    state.canary = { release: set.release.id, percent };
    await deps.save();
    report({ step: 'canary', release: set.release.id, message: `${percent} % of the callers`, ms: since() });
  };

  return {
    get unit() {
      return serving.current?.unit ?? initial;
    },
    serving,
    sleep,
    state,
    get changing() {
      return change !== undefined;
    },

    start: (options, report) =>
      exclusive(report, async (reporting) => {
        await prune();
        await sleep?.listen();
        await startUnit(initial, options, reporting, { ...deps, serving, find, build, asBuilt, replace });
      }),

    deploy: (unit, options, report) =>
      exclusive(report, async (reporting) => {
        assertNoCanary('Deploy');
        if (options.canary !== undefined && unit.kind === 'worker') {
          throw new Error(`Deploy "${name}" as a canary: it is a worker, which has no callers`);
        }
        reporting.report({ step: 'build' });
        const built = await build(unit);
        if (built.id === serving.current?.release.id && state.release === built.id && isAsWanted(serving.current)) {
          reporting.report({ step: 'unchanged', release: built.id, ms: reporting.since() });
          return;
        }
        if (options.canary === undefined) await replace('deploy', unit, built, options, reporting);
        else {
          reporting.report({ step: 'start', release: built.id });
          const set = serving.make(unit, built);
          await set.start(1);
          await divert(set, options.canary, reporting);
        }
        await prune();
      }),

    rollback: (to, options, report) =>
      exclusive(report, async (reporting) => {
        assertNoCanary('Roll back');
        const wanted = to ?? previousRelease(state.history, serving.current?.release.id);
        const target = await find(wanted);
        if (!target) {
          const why = wanted === undefined ? 'there is no earlier release' : `release "${wanted}" is not kept`;
          throw new Error(`Roll back "${name}": ${why}`);
        }
        if (target.id === serving.current?.release.id) {
          reporting.report({ step: 'unchanged', release: target.id });
          return;
        }
        await replace('rollback', await asBuilt(target), target, options, reporting);
      }),

    restart: (options, report) =>
      exclusive(report, async (reporting) => {
        if (!serving.current) throw new Error(`Restart "${name}": it has no release`);
        await replace(undefined, serving.current.unit, serving.current.release, options, reporting);
        await renew(serving); // a canary and previews, where settings have changed
      }),

    changeCanary: (percent, report) =>
      exclusive(report, (reporting) => divert(canaryOf('Change canary of').set, percent, reporting)),

    promote: (options, report) =>
      exclusive(report, async (reporting) => {
        const { set } = canaryOf('Promote');
        const next = async () => {
          await set.scale(countFor(set.unit, state, serving.current?.wanted ?? 0));
          delete state.canary;
          return set;
        };
        await replaceRelease({ action: 'promote', next }, options, reporting, { serving, state, save: deps.save });
      }),

    abort: (report) =>
      exclusive(report, async ({ report, since }) => {
        const { set } = canaryOf('Abort');
        delete state.canary;
        await serving.divert(undefined);
        await deps.save();
        report({ step: 'done', release: set.release.id, message: 'the canary gets no more callers', ms: since() });
      }),

    preview: (wanted, unit, report) =>
      exclusive(report, async ({ report, since }) => {
        if (unit.kind === 'worker') throw new Error(`Preview "${name}": it is a worker, which has no address`);
        if (wanted === undefined) report({ step: 'build' });
        const release = wanted === undefined ? await build(unit) : await find(wanted);
        if (!release) throw new Error(`Preview "${name}": release "${wanted}" is not kept`);
        if (!serving.previews.has(release.id)) {
          report({ step: 'start', release: release.id });
          const set = serving.make(await asBuilt(release), release);
          await set.start(1);
          await serving.preview(set);
        }
        const paths = unit.manifest.mount.map((path) => `/_preview/${name}/${release.id}${path}`);
        report({ step: 'preview', release: release.id, message: paths.join(' '), ms: since() });
      }),

    endPreview: (release, report) =>
      exclusive(report, async ({ report, since }) => {
        const ended = release === undefined ? [...serving.previews.keys()] : [release];
        for (const id of ended) {
          if (!serving.previews.has(id)) throw new Error(`End preview of "${name}": release "${id}" has none`);
          await serving.endPreview(id);
          report({ step: 'done', release: id, message: 'the preview ended', ms: since() });
        }
        if (ended.length === 0) report({ step: 'unchanged', message: 'there is no preview' });
      }),

    async fix(count) {
      const { kind, manifest } = serving.current?.unit ?? initial;
      const { min, max } = manifest.instances;
      if (count !== undefined && !(Number.isInteger(count) && count >= min && count <= max)) {
        throw new HTTPException(400, {
          message: `Scale ${kind} "${name}" to "${count}": its manifest allows ${min} to ${max}`,
        });
      }
      if (count === undefined) delete state.scale;
      else state.scale = count;
      await deps.save();
      if (count !== undefined && !state.paused) await serving.current?.scale(count);
    },
    async pause(paused) {
      if (initial.kind === 'function') {
        throw new HTTPException(400, { message: `Pause queue "${name}": it is a function, which has no queue` });
      }
      if (paused) state.paused = true;
      else delete state.paused;
      await deps.save();
      const set = serving.current;
      await set?.scale(paused ? 0 : countFor(set.unit, state, 1));
    },

    async stop() {
      const seconds = initial.kind === 'worker' ? WORKER_STOP_SECONDS : undefined;
      await Promise.all([sleep?.close(), ...serving.sets.map(({ set }) => set.drain(seconds))]);
      await change?.catch(() => {}); // it has reported by itself
    },
    async detach() {
      await sleep?.close();
      for (const { set } of serving.sets) set.detach();
    },
    kill() {
      for (const { set } of serving.sets) set.kill();
    },
  };
}

/**
 * When the platform stops, a worker has so long to finish its jobs. Those of minutes are given back instead: they continue
 * behind what they have stored, and a stop must not take as long as the longest of them may.
 */
const WORKER_STOP_SECONDS = 5;

/** Deploying the same content again is a way to try again where nothing serves, and brings changed settings. */
const isAsWanted = (set: ReplicaSet): boolean =>
  (set.wanted === 0 || set.ready.length > 0) && set.outdated().length === 0;
