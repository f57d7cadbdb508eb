import type { ChangeOptions } from '../../control/contract.ts';
import { previousRelease } from '../../release/previous-release.ts';
import { keptSiteRelease, type SiteChange, switchSite } from '../managed-site.ts';

/** Serves a kept release again; nothing is built. @param to undefined: the one before */
export async function rollbackSite(change: SiteChange, to: string | undefined, { by }: ChangeOptions): Promise<void> {
  const { managed, report } = change;
  const { record, name, published } = managed;
  const current = await published.current();
  const wanted = to ?? previousRelease(record.history, current);
  const target = await keptSiteRelease(managed, wanted);
  if (!target) {
    const why = wanted === undefined ? 'there is no earlier release' : `release "${wanted}" is not kept`;
    throw new Error(`Roll back "${name}": ${why}`);
  }
  if (target.id === current) return report({ step: 'unchanged', release: target.id });
  await switchSite(change, target, 'rollback', by);
}
