import type { ChangeEvent } from '../control/contract.ts';
import type { Counters } from './counters.ts';
import type { Family } from './family.ts';

/** What happens to units and is counted as it happens, over all supervisors. */

export const killsTotal = {
  ...{ name: 'pandect_kills_total', type: 'counter' },
  help: 'Processes that ended unasked or were ended, see pandect kills',
} as const satisfies Omit<Family, 'series'>;

export const deploysTotal = {
  ...{ name: 'pandect_deploys_total', type: 'counter' },
  help: 'Deploys and rollbacks by how they ended',
} as const satisfies Omit<Family, 'series'>;

export const deployOutcomes = ['done', 'restored', 'failed'] as const;

/** Counts a release by the event that ends its change; not while that is under way, and where nothing had to be done. */
export function countRelease(counters: Pick<Counters, 'count'>, { unit, step }: ChangeEvent): void {
  const outcome = deployOutcomes.find((one) => one === step);
  if (outcome && unit !== '') counters.count(deploysTotal, { unit, outcome });
}
