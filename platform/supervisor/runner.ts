import type { HistoryEntry } from './journal.ts';
import { createPool, type PoolDeps } from './pool.ts';
import { type Instance, StartFailure } from './process/instance.ts';
import type { Build } from './release/builder.ts';
import type { Release } from './release/release.ts';
import { isUpToDate } from './release/release-inputs.ts';
import { listReleases, pruneReleases, releaseManifest } from './release/releases.ts';
import type { Unit } from './unit.ts';

/** What happens during a deploy, in order; `failed` and `unchanged` end it like `done`. */
export interface DeployEvent {
  unit: string;
  step: 'build' | 'start' | 'switch' | 'drain' | 'done' | 'unchanged' | 'fallback' | 'failed';
  release?: string;
  ms?: number;
  message?: string;
  /** Last log lines of a process that did not become ready. */
  log?: string;
}
export type Report = (event: DeployEvent) => void;

export interface RunnerDeps extends PoolDeps {
  root: string;
  build: Build;
  /** The environment of the processes of a unit, by its manifest. */
  environmentOf(unit: Unit): Record<string, string>;
}

/** What can be done with a unit, one change at a time. Each returns whether it succeeded; the report says why not. */
export interface Runner {
  /** The unit as it runs, with the manifest of the release. */
  readonly unit: Unit;
  readonly instances: readonly Instance[];
  readonly release: string | undefined;
  readonly restarts: number;
  /** The first processes: of the release that ran last if nothing changed since, or if it was rolled back to. */
  start(history: readonly HistoryEntry[], report: Report): Promise<boolean>;
  deploy(unit: Unit, history: readonly HistoryEntry[], report: Report): Promise<boolean>;
  rollback(to: string | undefined, history: readonly HistoryEntry[], report: Report): Promise<boolean>;
  /** New processes of the same release in place of those that run. */
  restart(report: Report): Promise<boolean>;
  stop(): Promise<void>;
  kill(): void;
}

const DRAIN_REPORT_MS = 10_000;

export function createRunner(initial: Unit, deps: RunnerDeps): Runner {
  const { name } = initial;
  const { releases } = deps.folders;
  const pool = createPool(name, deps);
  let unit = initial;
  let release: Release | undefined;
  let change: Promise<unknown> | undefined;

  const build = (of: Unit) => deps.build(of, { root: deps.root, releases, environment: deps.environmentOf(of) });

  /** Starts `next`, moves traffic to it and lets the old processes finish. @throws and nothing changed */
  const replace = async (next: Release, as: Unit, report: Report): Promise<void> => {
    const began = performance.now();
    const since = () => Math.round(performance.now() - began);
    report({ unit: name, step: 'start', release: next.id });
    const started = await pool.launch(as, next);
    const { old, drained } = await pool.adopt(as, next, started);
    unit = as;
    release = next;
    report({ unit: name, step: 'switch', release: next.id, ms: since() });
    let gone = true;
    if (old > 0) {
      report({ unit: name, step: 'drain', message: `${old} process(es)` });
      gone = await Promise.race([drained.then(() => true), sleep(DRAIN_REPORT_MS).then(() => false)]);
    }
    await deps.onChange();
    const left = gone ? {} : { message: 'the old process still finishes its requests' };
    report({ unit: name, step: 'done', release: next.id, ms: since(), ...left });
  };

  /** A second change is told of the first instead of waiting in the dark. */
  const exclusive = async (report: Report, work: () => Promise<void>): Promise<boolean> => {
    if (change) {
      report({ unit: name, step: 'failed', message: `Change "${name}": another change is under way` });
      return false;
    }
    const mine = pool.change(work);
    change = mine;
    try {
      await mine;
      return true;
    } catch (error) {
      report(failed(name, error));
      return false;
    } finally {
      change = undefined;
    }
  };

  const prune = (history: readonly HistoryEntry[]) =>
    pruneReleases(releases, name, [
      ...pool.instances.map((instance) => instance.release),
      ...history.slice(-2).map((entry) => entry.release),
    ]);

  const find = async (id: string | undefined) => (await listReleases(releases, name)).find((kept) => kept.id === id);

  return {
    get unit() {
      return unit;
    },
    get instances() {
      return pool.instances;
    },
    get release() {
      return release?.id;
    },
    get restarts() {
      return pool.restarts;
    },

    start: (history, report) =>
      exclusive(report, async () => {
        const last = history.at(-1);
        const kept = await find(last?.release);
        await prune(history);
        const ran = kept && withManifest(unit, await releaseManifest(kept));
        const asItWas =
          last?.action === 'rollback' || (kept && (await isUpToDate(kept, deps.root, deps.environmentOf(unit))));
        if (kept && ran && asItWas) return replace(kept, ran, report);
        try {
          await replace(await build(unit), unit, report);
        } catch (error) {
          if (!kept || !ran) throw error;
          report({ ...failed(name, error), step: 'fallback', release: kept.id });
          await replace(kept, ran, report);
        }
      }),

    deploy: (next, history, report) =>
      exclusive(report, async () => {
        const began = performance.now();
        report({ unit: name, step: 'build' });
        const built = await build(next);
        if (built.id === release?.id && pool.instances.some(({ state }) => state === 'ready')) {
          report({ unit: name, step: 'unchanged', release: built.id, ms: Math.round(performance.now() - began) });
          return;
        }
        await replace(built, next, report);
        await prune(history);
      }),

    rollback: (to, history, report) =>
      exclusive(report, async () => {
        const wanted = to ?? previousRelease(history, release?.id);
        const target = await find(wanted);
        if (!target) {
          const why = wanted === undefined ? 'there is no earlier release' : `release "${wanted}" is not kept`;
          throw new Error(`Roll back "${name}": ${why}`);
        }
        if (target.id === release?.id) {
          report({ unit: name, step: 'unchanged', release: target.id });
          return;
        }
        await replace(target, withManifest(unit, await releaseManifest(target)), report);
      }),

    restart: (report) =>
      exclusive(report, async () => {
        if (!release) throw new Error(`Restart "${name}": it has no release`);
        await replace(release, unit, report);
      }),

    async stop() {
      await pool.stop();
      await change?.catch(() => {}); // it has reported by itself
    },
    kill: pool.kill,
  };
}

/** The release that ran before the present one. */
export const previousRelease = (history: readonly HistoryEntry[], current: string | undefined): string | undefined =>
  history.findLast((entry) => entry.release !== current)?.release;

const withManifest = (unit: Unit, manifest: Unit['manifest']): Unit => ({ ...unit, manifest }) as Unit;

const failed = (unit: string, error: unknown): DeployEvent => ({
  unit,
  step: 'failed',
  message: (error as Error).message,
  ...(error instanceof StartFailure && { log: error.log }),
});

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms).unref());
