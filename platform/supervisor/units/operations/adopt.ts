import type { ProcessEntry } from '../../home/journal.ts';
import type { Instance } from '../../process/instance.ts';
import type { Release } from '../../release/release.ts';
import { releaseAt } from '../../release/releases.ts';
import type { Unit } from '../../unit.ts';
import { keptRelease, withManifestOf } from '../kept-release.ts';
import type { ManagedUnit } from '../managed-unit.ts';
import { makeProcesses, move } from '../move.ts';
import { startCount } from '../state.ts';

/**
 * Takes over the processes that an earlier supervisor left, each in the role that the journal has for it. What it had
 * replaced drains. @param kept the release that served, if it is still on disk
 */
export async function adopt(
  managed: ManagedUnit,
  found: readonly ProcessEntry[],
  kept: { release: Release; unit: Unit } | undefined,
): Promise<void> {
  const { launcher, folders, journal } = managed.tools;
  const adopted = found.flatMap((entry) => {
    const instance = launcher.adopt(entry);
    return instance ? [{ entry, instance }] : [];
  });
  await Promise.allSettled(adopted.map(({ instance }) => instance.ready));
  const take = (role: ProcessEntry['role'], release: string): Instance[] => {
    const mine = adopted.filter(({ entry }) => entry.role === role && entry.release === release);
    for (const each of mine) adopted.splice(adopted.indexOf(each), 1);
    return mine.map(({ instance }) => instance);
  };
  const processesOf = (unit: Unit, release: Release, instances: readonly Instance[], count: number) => {
    const processes = makeProcesses(managed, unit, release);
    processes.adopt(instances, count);
    return processes;
  };

  const current = kept ? take('current', kept.release.id) : [];
  if (kept && current.length > 0) {
    const count = startCount(kept.unit, managed.state.record, current.length);
    await move(managed, { event: 'switched', to: processesOf(kept.unit, kept.release, current, count) });
  }
  const { canary } = managed.state.record;
  const trial = canary && (await keptRelease(managed, canary.release));
  if (canary && trial) {
    const to = processesOf(await withManifestOf(managed, trial), trial, take('canary', trial.id), 1);
    await move(managed, { event: 'diverted', to, percent: canary.percent });
  } else if (canary) await move(managed, { event: 'canary-ended' });
  for (const id of new Set(adopted.filter(({ entry }) => entry.role === 'preview').map(({ entry }) => entry.release))) {
    const release = await keptRelease(managed, id);
    if (!release) continue;
    const processes = processesOf(await withManifestOf(managed, release), release, take('preview', id), 1);
    await move(managed, { event: 'previewed', processes });
  }
  // Whatever else was found had been replaced, or its release is gone.
  for (const { entry, instance } of adopted) {
    const release = releaseAt(folders.releases, managed.name, entry.release);
    const processes = processesOf(managed.declared, release, [instance], 0);
    await move(managed, { event: 'found-replaced', processes });
  }
  await journal.save();
}
