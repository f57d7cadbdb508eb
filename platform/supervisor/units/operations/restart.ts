import type { ChangeOptions } from '../../control/contract.ts';
import type { Change } from '../change.ts';
import { renew } from './renew.ts';
import { replace } from './replace.ts';

/** Puts new processes of the same release, with the settings of now, in place of those that run. */
export async function restart(change: Change, options: ChangeOptions): Promise<void> {
  const { managed } = change;
  const { current } = managed.state;
  if (!current) throw new Error(`Restart "${managed.name}": it has no release`);
  await replace(change, undefined, current.unit, current.release, options);
  await renew(managed.state); // a canary and previews, where settings have changed
}
