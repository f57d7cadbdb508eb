import type { ChangeEvent } from '../../supervisor/control/contract.ts';
import type { UpgradeRecord } from './record.ts';

interface Undoing {
  record: UpgradeRecord;
  /** Releases that serve now, by the unit's name. */
  serving: Readonly<Record<string, string>>;
  /** @returns whether it succeeded */
  rollback(unit: string, release: string): AsyncGenerator<ChangeEvent, boolean>;
}

/** Switches every unit back to the release that served before the upgrade; nothing is built. @returns whether all succeeded */
export async function* undoUpgrade({ record, serving, rollback }: Undoing): AsyncGenerator<ChangeEvent, boolean> {
  let all = true;
  for (const [unit, release] of Object.entries(record.before).toReversed()) {
    if (serving[unit] === undefined || serving[unit] === release) continue;
    all = (yield* rollback(unit, release)) && all;
  }
  return all;
}

/** What an undone upgrade leaves, a line each. */
export function leftByUndo({ from, backup, isMigrated }: UpgradeRecord, checkout: string): string[] {
  const { revision } = from;
  return [
    ...(revision === null || revision.endsWith('+')
      ? ['The checkout is still the new version, and the next deploy brings it again']
      : [
          `The next deploy brings the new version again, unless the checkout goes back: git -C ${checkout} checkout ${revision}`,
        ]),
    ...(isMigrated ? ['The database keeps the tables of the new version, which the version before works with'] : []),
    ...(backup === null ? [] : [`Data as of before the upgrade: pandect restore --backup ${backup} --into NEW_HOME`]),
  ];
}
