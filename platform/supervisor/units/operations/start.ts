import { join } from 'node:path';
import type { ProcessEntry, UnitState } from '../../journal.ts';
import { adoptInstance, type Instance } from '../../process/instance.ts';
import { isDescribed } from '../../release/description.ts';
import type { Release } from '../../release/release.ts';
import { isUpToDate } from '../../release/release-inputs.ts';
import { releaseAt } from '../../release/releases.ts';
import type { Serving } from '../../serving.ts';
import type { Unit } from '../../unit.ts';
import { READY_SECONDS } from '../release-processes.ts';
import { renew } from './renew.ts';
import { countFor, type Reporting } from './replace.ts';

export interface StartOptions {
  /** Start what ran last, whatever the checkout holds now. */
  restore: boolean;
  /** Processes of this unit that an earlier supervisor left. */
  found: readonly ProcessEntry[];
}

interface StartParts {
  state: UnitState;
  folders: { logs: string; releases: string };
  root: string;
  save(): Promise<void>;
  serving: Serving;
  find(id: string | undefined): Promise<Release | undefined>;
  build(unit: Unit): Promise<Release>;
  asBuilt(release: Release): Promise<Unit>;
  replace(
    action: 'deploy' | undefined,
    unit: Unit,
    release: Release,
    options: { watch: 0; wait: false },
    reporting: Reporting,
  ): Promise<void>;
}

const atOnce = { watch: 0, wait: false } as const;

/**
 * The first thing that happens to a unit. Processes of an earlier supervisor go on, and what they serve is replaced only
 * when the checkout holds something new; a function that may sleep is left asleep.
 */
export async function startUnit(unit: Unit, options: StartOptions, reporting: Reporting, parts: StartParts) {
  const { state, serving, find, asBuilt, build, replace } = parts;
  const kept = await find(state.release);
  const ran = kept && (await asBuilt(kept));
  await adopt(unit, options.found, kept, parts);

  const isCurrent = kept !== undefined && (await isUpToDate(kept, parts.root));
  if (kept && ran && (options.restore || wasChosen(parts) || isCurrent)) {
    const message = isCurrent
      ? {}
      : { message: `the checkout has changed since; pandect deploy ${unit.name} brings it` };
    if (serving.current) {
      if (!(await renewed(parts, reporting))) return;
      return reporting.report({ step: 'done', release: kept.id, ms: reporting.since(), ...message });
    }
    if (ran.kind === 'function' && ran.manifest.instances.min === 0 && isDescribed(kept)) {
      const set = serving.make(ran, kept);
      await set.start(0);
      await serving.takeOver(set);
      return reporting.report({ step: 'done', release: kept.id, ms: reporting.since(), message: 'asleep' });
    }
    try {
      return await replace(undefined, ran, kept, atOnce, reporting);
    } catch (error) {
      // A service that comes back after a reboot has all the others to serve.
      if (!options.restore) throw error;
      reporting.report({ step: 'failed', release: kept.id, message: (error as Error).message, ...logOf(error) });
      const set = serving.make(ran, kept);
      set.adopt([], countFor(ran, state, 1));
      await serving.takeOver(set);
      return;
    }
  }
  try {
    const built = await build(unit);
    if (built.id === serving.current?.release.id) {
      // Its files were written again with the same content.
      if (!(await renewed(parts, reporting))) return;
      return reporting.report({ step: 'done', release: built.id, ms: reporting.since() });
    }
    await replace('deploy', unit, built, atOnce, reporting);
  } catch (error) {
    if (!kept || !ran) throw error;
    const message = `${(error as Error).message}; release ${kept.id} is started instead`;
    reporting.report({ step: 'fallback', release: kept.id, message, ...logOf(error) });
    if (serving.current) await renewed(parts, reporting);
    else await replace(undefined, ran, kept, atOnce, reporting);
  }
}

/** What runs stays as it is where a changed setting keeps its successor from starting. @returns whether all is of now */
async function renewed({ serving }: StartParts, { report }: Reporting): Promise<boolean> {
  try {
    await renew(serving);
    return true;
  } catch (error) {
    const release = serving.current?.release.id;
    report({ step: 'fallback', message: (error as Error).message, ...(release && { release }), ...logOf(error) });
    return false;
  }
}

/** The release was preferred to a later one, by an operator or since that one failed. */
const wasChosen = ({ state }: StartParts): boolean => {
  const last = state.history.at(-1);
  return last?.action === 'rollback' || last?.restored !== undefined;
};

const logOf = (error: unknown) => (error instanceof Error && 'log' in error ? { log: String(error.log) } : {});

async function adopt(unit: Unit, found: readonly ProcessEntry[], kept: Release | undefined, parts: StartParts) {
  const { state, serving, find, asBuilt, folders, save } = parts;
  const logFile = join(folders.logs, `${unit.name}.log`);
  const adopted = found.flatMap((entry) => {
    const instance = adoptInstance(entry, { logFile, readySeconds: READY_SECONDS });
    return instance ? [{ entry, instance }] : [];
  });
  await Promise.allSettled(adopted.map(({ instance }) => instance.ready));
  const take = (role: ProcessEntry['role'], release: string | undefined): Instance[] => {
    const mine = adopted.filter(({ entry }) => entry.role === role && entry.release === release);
    for (const each of mine) adopted.splice(adopted.indexOf(each), 1);
    return mine.map(({ instance }) => instance);
  };

  const current = take('current', kept?.id);
  if (kept && current.length > 0) {
    const set = serving.make(await asBuilt(kept), kept);
    set.adopt(current, countFor(set.unit, state, current.length));
    await serving.takeOver(set);
  }
  const trial = await find(state.canary?.release);
  if (trial && state.canary) {
    const set = serving.make(await asBuilt(trial), trial);
    set.adopt(take('canary', trial.id), 1);
    await serving.divert({ set, percent: state.canary.percent });
  } else delete state.canary;
  for (const id of new Set(adopted.filter(({ entry }) => entry.role === 'preview').map(({ entry }) => entry.release))) {
    const release = await find(id);
    if (!release) continue;
    const set = serving.make(await asBuilt(release), release);
    set.adopt(take('preview', id), 1);
    await serving.preview(set);
  }
  // Whatever else was found had been replaced, or its release is gone.
  for (const { entry, instance } of adopted) {
    const set = serving.make(unit, releaseAt(folders.releases, unit.name, entry.release));
    set.adopt([instance], 0);
    void serving.letDrain(set);
  }
  await save();
}
