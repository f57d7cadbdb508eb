import type { ChangeOptions } from '../../control/contract.ts';
import { previousRelease } from '../../release/previous-release.ts';
import type { Change } from '../change.ts';
import { keptRelease, withManifestOf } from '../kept-release.ts';
import { assertNoCanary } from './canary.ts';
import { replace } from './replace.ts';

/** Starts a kept release in place of the one that serves. @param to undefined: the one before that was not given up */
export async function rollback(change: Change, to: string | undefined, options: ChangeOptions): Promise<void> {
  const { managed, report } = change;
  assertNoCanary(managed, 'Roll back');
  const { record, current } = managed.state;
  const wanted = to ?? previousRelease(record.history, current?.release.id);
  const target = await keptRelease(managed, wanted);
  if (!target) {
    const why = wanted === undefined ? 'there is no earlier release' : `release "${wanted}" is not kept`;
    throw new Error(`Roll back "${managed.name}": ${why}`);
  }
  if (target.id === current?.release.id) return report({ step: 'unchanged', release: target.id });
  await replace(change, 'rollback', await withManifestOf(managed, target), target, options);
}
