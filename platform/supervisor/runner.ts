import { join } from 'node:path';
import type { Log } from '../kernel/log.ts';
import { crashBackoff, STABLE_MS } from './backoff.ts';
import type { Build } from './builder.ts';
import { type Instance, planSpawn, StartFailure, startInstance } from './instance.ts';
import type { HistoryEntry } from './journal.ts';
import { rotateLog } from './log-file.ts';
import { lastFigures } from './merge-metrics.ts';
import type { Release } from './release.ts';
import { isUpToDate } from './release-inputs.ts';
import { listReleases, pruneReleases, releaseEnvironment } from './releases.ts';
import { instancePath, switchSlots } from './socket-path.ts';
import type { Unit } from './unit.ts';

/** What happens during a deploy, in order; `failed` and `unchanged` end it like `done`. */
export interface DeployEvent {
  unit: string;
  step: 'build' | 'start' | 'switch' | 'drain' | 'done' | 'unchanged' | 'failed';
  release?: string;
  ms?: number;
  message?: string;
  /** Last log lines of a process that did not become ready. */
  log?: string;
}
export type Report = (event: DeployEvent) => void;

export interface RunnerDeps {
  root: string;
  folders: { run: string; releases: string; logs: string; cache: string };
  node: string;
  user: { uid: number; gid: number } | undefined;
  log: Log;
  build: Build;
  /** The environment of the processes of a unit, by its manifest. */
  environmentOf(unit: Unit): Record<string, string>;
  /** Called after every change of what runs. */
  onChange(): Promise<void>;
  /** Called with what a process counted, when it has ended in good order. */
  onFigures(metrics: string): void;
}

/** Everything that runs of one unit. */
export interface Runner {
  readonly unit: Unit;
  readonly instances: readonly Instance[];
  readonly release: string | undefined;
  readonly restarts: number;
  /** The first processes, of the release that ran last if nothing changed since. */
  start(last: string | undefined, report: Report): Promise<boolean>;
  deploy(unit: Unit, report: Report): Promise<boolean>;
  rollback(to: string | undefined, history: readonly HistoryEntry[], report: Report): Promise<boolean>;
  /** New processes of the same release in place of those that run. */
  restart(report: Report): Promise<boolean>;
  stop(): Promise<void>;
  kill(): void;
}

const DRAIN_REPORT_MS = 10_000;

export function createRunner(initial: Unit, deps: RunnerDeps): Runner {
  let unit = initial;
  let release: Release | undefined;
  let running: Instance[] = [];
  let draining: Instance[] = [];
  let busy = false;
  let stopping = false;
  let crashes = 0;
  let restarts = 0;
  let counter = 0;
  let retry: NodeJS.Timeout | undefined;
  let replacing: Promise<void> = Promise.resolve();
  const log = deps.log.child({ unit: unit.name });

  const start = async (of: Release): Promise<Instance> => {
    const id = `${process.pid.toString(36)}${(counter++).toString(36)}`;
    const logFile = join(deps.folders.logs, `${unit.name}.log`);
    await rotateLog(logFile);
    const plan = planSpawn(unit, of, await releaseEnvironment(of), {
      node: deps.node,
      socket: instancePath(deps.folders.run, unit.name, id),
      instance: id,
      compileCache: join(deps.folders.cache, unit.name),
    });
    const instance = await startInstance(unit, of, { id, plan, logFile, user: deps.user, readySeconds: 30 });
    instance.ended
      .then((reason) => onEnd(instance, reason))
      .catch((error: unknown) => log.error({ error }, 'End of a process: not recorded'));
    return instance;
  };

  const onEnd = async (instance: Instance, reason: string) => {
    draining = draining.filter((other) => other !== instance);
    deps.onFigures(await lastFigures(instance.socket));
    if (!running.includes(instance)) return deps.onChange();
    running = running.filter((other) => other !== instance);
    if (stopping) return;
    const finished = reason === 'exit status 0'; // a worker that has done its share of jobs
    if (Date.now() - instance.startedAt.getTime() > STABLE_MS || finished) crashes = 0;
    if (!finished) crashes++;
    const wait = crashBackoff(crashes);
    log[finished ? 'info' : 'error']({ pid: instance.pid, reason, wait }, 'Process ended');
    await point();
    await deps.onChange();
    retry = setTimeout(replaceLost, wait);
  };

  /** A change waits for a replacement that is under way, so that none comes up beside the change's own processes. */
  const replaceLost = () => {
    replacing = replacing.then(startMissing);
  };

  const startMissing = async () => {
    if (stopping || busy || !release || running.length >= wanted()) return;
    try {
      const instance = await start(release);
      if (stopping) return instance.stop();
      running.push(instance);
      restarts++;
      await point();
      await deps.onChange();
    } catch (error) {
      crashes++;
      log.error({ error }, 'Restart failed');
      retry = setTimeout(replaceLost, crashBackoff(crashes));
    }
  };

  const wanted = () => (unit.kind === 'function' ? unit.manifest.instances.min : 1);

  const point = async () => {
    if (unit.kind === 'worker') return;
    await switchSlots(
      deps.folders.run,
      unit.name,
      running.map((instance) => instance.socket),
      unit.manifest.instances.max,
    );
  };

  /** Starts `next`, moves traffic to it and lets the old processes finish. Nothing changes if it does not start. */
  const replace = async (next: Release, report: Report): Promise<boolean> => {
    const began = performance.now();
    report({ unit: unit.name, step: 'start', release: next.id });
    let started: Instance[] = [];
    const starts = await Promise.allSettled(Array.from({ length: wanted() }, () => start(next)));
    started = starts.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const failure = stopping
      ? new Error(`Start "${unit.name}": the platform is stopping`)
      : starts.find((result) => result.status === 'rejected')?.reason;
    if (failure !== undefined) {
      await Promise.all(started.map((instance) => instance.stop()));
      const details = failure instanceof StartFailure ? { log: failure.log } : {};
      report({ unit: unit.name, step: 'failed', release: next.id, message: failure.message, ...details });
      return false;
    }
    const old = running;
    running = started;
    release = next;
    crashes = 0;
    clearTimeout(retry);
    await point();
    report({ unit: unit.name, step: 'switch', release: next.id, ms: Math.round(performance.now() - began) });
    draining.push(...old);
    const drained = Promise.all(old.map((instance) => instance.stop()));
    if (old.length > 0) {
      report({ unit: unit.name, step: 'drain', message: `${old.length} process(es)` });
      await Promise.race([drained, new Promise((resolve) => setTimeout(resolve, DRAIN_REPORT_MS))]);
    }
    await deps.onChange();
    const left = draining.length > 0 ? { message: `${draining.length} process(es) still finish their requests` } : {};
    report({ unit: unit.name, step: 'done', release: next.id, ms: Math.round(performance.now() - began), ...left });
    return true;
  };

  const build = (of: Unit) =>
    deps.build(of, { root: deps.root, releases: deps.folders.releases, environment: deps.environmentOf(of) });

  /** One change of a unit at a time; a second one is told so instead of waiting in the dark. */
  const exclusive = async (report: Report, work: () => Promise<boolean>): Promise<boolean> => {
    if (busy) {
      report({ unit: unit.name, step: 'failed', message: `Change "${unit.name}": another change is under way` });
      return false;
    }
    busy = true;
    try {
      await replacing;
      return await work();
    } catch (error) {
      report({ unit: unit.name, step: 'failed', message: (error as Error).message });
      return false;
    } finally {
      busy = false;
      if (running.length < wanted()) replaceLost();
    }
  };

  const runner: Runner = {
    get unit() {
      return unit;
    },
    get instances() {
      return [...running, ...draining];
    },
    get release() {
      return release?.id;
    },
    get restarts() {
      return restarts;
    },

    start: (last, report) =>
      exclusive(report, async () => {
        const kept = (await listReleases(deps.folders.releases, unit.name)).find(({ id }) => id === last);
        const current = kept && (await isUpToDate(kept, deps.root, deps.environmentOf(unit)));
        return replace(current ? kept : await build(unit), report);
      }),

    deploy: (next, report) =>
      exclusive(report, async () => {
        const began = performance.now();
        report({ unit: next.name, step: 'build' });
        const built = await deps.build(next, {
          root: deps.root,
          releases: deps.folders.releases,
          environment: deps.environmentOf(next),
        });
        const ms = Math.round(performance.now() - began);
        if (built.id === release?.id && running.length > 0) {
          report({ unit: next.name, step: 'unchanged', release: built.id, ms });
          return true;
        }
        unit = next;
        const done = await replace(built, report);
        const inUse = new Set([built.id, ...runner.instances.map((instance) => instance.release)]);
        await pruneReleases(deps.folders.releases, unit.name, inUse);
        return done;
      }),

    rollback: (to, history, report) =>
      exclusive(report, async () => {
        const kept = await listReleases(deps.folders.releases, unit.name);
        const wantedId = to ?? previousRelease(history, release?.id);
        const target = kept.find(({ id }) => id === wantedId);
        if (!target) {
          const which = wantedId === undefined ? 'there is no earlier release' : `release "${wantedId}" is not kept`;
          report({ unit: unit.name, step: 'failed', message: `Roll back "${unit.name}": ${which}` });
          return false;
        }
        if (target.id === release?.id) {
          report({ unit: unit.name, step: 'unchanged', release: target.id });
          return true;
        }
        return replace(target, report);
      }),

    restart: (report) =>
      exclusive(report, async () => {
        if (!release) throw new Error(`Restart "${unit.name}": it has no release`);
        return replace(release, report);
      }),

    async stop() {
      stopping = true;
      clearTimeout(retry);
      await replacing;
      await Promise.all(runner.instances.map((instance) => instance.stop()));
    },
    kill() {
      for (const instance of runner.instances) instance.kill();
    },
  };
  return runner;
}

/** The release that ran before the present one. */
export const previousRelease = (history: readonly HistoryEntry[], current: string | undefined): string | undefined =>
  history.findLast((entry) => entry.release !== current)?.release;
