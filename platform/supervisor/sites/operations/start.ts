import type { Release } from '../../release/release.ts';
import { listReleases } from '../../release/releases.ts';
import { keepLog, keptSiteRelease, type ManagedSite, pruneSite, type SiteChange, switchSite } from '../managed-site.ts';
import { isBuiltFrom } from '../site-inputs.ts';
import { buildNow } from './build.ts';

/**
 * The first thing that happens to a site: what was served last is served, or what the checkout holds now where that is another. A
 * build that fails keeps no platform from starting: the release before is served, or a page that says what to do.
 * @param restore serve what was served last, whatever the checkout holds now
 */
export async function startSite(change: SiteChange, { restore }: { restore: boolean }): Promise<void> {
  const { managed } = change;
  const kept = await keptSiteRelease(managed, managed.record.release);
  const isCurrent = kept !== undefined && (await isBuiltFrom(kept, managed.declared, managed.tools.root));
  if (kept && (restore || wasChosen(managed) || isCurrent)) {
    await serveKept(
      change,
      kept,
      isCurrent ? undefined : `the checkout has changed since; pandect deploy ${managed.name} brings it`,
    );
  } else await serveBuilt(change, kept);
  await pruneSite(managed);
}

async function serveKept(change: SiteChange, release: Release, message: string | undefined): Promise<void> {
  await switchSite(change, release, undefined);
  if (message) change.report({ step: 'fallback', release: release.id, message: `${change.managed.name}: ${message}` });
}

async function serveBuilt(change: SiteChange, kept: Release | undefined): Promise<void> {
  const { managed } = change;
  const { name, declared, published, tools } = managed;
  try {
    const built = (await builtBefore(managed)) ?? (await buildNow(managed, declared));
    await switchSite(change, built, built.id === managed.record.release ? undefined : 'deploy');
  } catch (error) {
    const { message, log } = error as Error & { log?: string };
    await keepLog(managed, error);
    if (kept) {
      await serveKept(change, kept, undefined);
      change.report({
        step: 'fallback',
        release: kept.id,
        message: `${message}; release ${kept.id} is served instead`,
      });
      return;
    }
    await published.showNotBuilt(`./scripts/pandect deploy ${name}`);
    await tools.onSwitched(undefined);
    change.report({ step: 'fallback', message: `${message}; its address says so`, ...(log && { log }) });
  }
}

/** A release on disk that is of the very files of the checkout. */
async function builtBefore({ name, declared, tools: { folders, root } }: ManagedSite): Promise<Release | undefined> {
  for (const release of await listReleases(folders.releases, name)) {
    if (await isBuiltFrom(release, declared, root)) return release;
  }
  return undefined;
}

/** An operator preferred it to a later one. */
const wasChosen = ({ record }: ManagedSite): boolean => record.history.at(-1)?.action === 'rollback';
