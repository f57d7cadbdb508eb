import type { ChangeOptions } from '../../control/contract.ts';
import { pruneSite, type SiteChange, switchSite } from '../managed-site.ts';
import type { Site } from '../site.ts';
import { missingPackage } from '../site-inputs.ts';
import { buildNow } from './build.ts';

/** Builds the site as its folder says now and serves it. @throws BuildFailure, and the release before serves on */
export async function deploySite(change: SiteChange, fresh: Site, { by }: ChangeOptions): Promise<void> {
  const { managed, report, since } = change;
  report({ step: 'build' });
  const release = await buildNow(managed, fresh);
  if ((await managed.published.current()) === release.id && managed.record.release === release.id) {
    return report({ step: 'unchanged', release: release.id, ms: since() });
  }
  await switchSite(change, release, 'deploy', by);
  await pruneSite(managed);
}

/** The same where everything is deployed: a host that cannot build a site keeps what it has. */
export async function deploySiteIfPossible(change: SiteChange, fresh: Site, options: ChangeOptions): Promise<void> {
  try {
    await deploySite(change, fresh, options);
  } catch (error) {
    if (missingPackage(fresh) === undefined) throw error;
    change.report({ step: 'unchanged', message: (error as Error).message });
  }
}
