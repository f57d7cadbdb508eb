import type { KnownVariable } from '../kernel/environment.ts';
import type { Home } from '../services/home.ts';
import { type ProcessUser, unitUser } from '../services/process-user.ts';
import { prepareUnitFolders } from '../services/unit-folders.ts';
import { userIds } from '../services/user-ids.ts';
import { isReachable, type Unit } from './unit.ts';

/** Whom the processes of each unit run as, and the folders that are theirs. */
export interface UnitUsers {
  userOf(unit: Unit): ProcessUser | undefined;
  /** Makes the folders that a unit's processes need; of one that is new, finds its user as well. */
  prepare(unit: Unit): Promise<void>;
}

/** @param edgeGroup the group of whom the edge runs as */
export async function openUnitUsers(
  home: Home,
  units: readonly Unit[],
  edgeGroup: number | undefined,
  variables: readonly KnownVariable[],
): Promise<UnitUsers> {
  const idsOf = async (names: string[]) => Object.entries(home.ids ? await userIds(home.root, names) : {});
  const ids = new Map(await idsOf(units.map(({ name }) => name)));
  return {
    userOf: ({ name, manifest }) => unitUser(home, manifest.env, variables, ids.get(name) ?? 0),
    async prepare(unit) {
      const { name } = unit;
      if (!ids.has(name)) for (const entry of await idsOf([name])) ids.set(...entry);
      await prepareUnitFolders(home, name, { id: ids.get(name), edge: isReachable(unit) ? edgeGroup : undefined });
    },
  };
}
