import { openBackupPlace } from '../../backup/backup-place.ts';
import { readBackupSettings } from '../../backup/backup-settings.ts';
import type { LoadComposition } from '../../kernel/composition.ts';
import { homePath } from '../../kernel/paths/home-path.ts';
import { prepareHome } from '../../services/home.ts';
import type { ChangeEvent, ChangeOptions, ProcessRow } from '../../supervisor/control/contract.ts';
import { placesOf } from '../../supervisor/home/whole-home.ts';
import { checkout } from '../checkout.ts';
import { ask } from '../control-client.ts';
import { type Jump, judgeJump } from './judge-jump.ts';
import { readJump, servingReleases } from './read-jump.ts';
import { readRecord, type UpgradeRecord, withUpgradeLock, writeRecord } from './record.ts';
import { runUpgrade, type UpgradeEvent } from './run-upgrade.ts';
import { changesOf, stepsOn } from './take-steps.ts';
import { leftByUndo, undoUpgrade } from './undo-upgrade.ts';

/** What an upgrade would do, or has begun to do. */
export interface Plan {
  jump: Jump;
  problems: string[];
  warnings: string[];
  units: string[];
  /** Whether one that was cut off is continued. */
  continues: boolean;
  /** Where backups go. */
  target: string | undefined;
}

export interface UpgradeRequest {
  loadComposition: LoadComposition;
  wantsBackup: boolean;
  options: ChangeOptions;
}

/** After that, the backup of one that was cut off is too old to be its way back. */
const CONTINUED_MS = 86_400_000;

/** @returns the plan, and what carries it out; nothing is changed before */
export async function planUpgrade({ loadComposition, wantsBackup, options }: UpgradeRequest) {
  const { variables } = await loadComposition();
  const settings = readBackupSettings(process.env);
  const home = await prepareHome(homePath());
  const places = placesOf(home, process.env);
  const databaseUrl = settings.DATABASE_URL;
  const hasTarget = settings.BACKUP_TO !== undefined;
  const { jump, status, serving, units } = await readJump(places, { databaseUrl, hasTarget, wantsBackup });
  const last = await readRecord(home);
  const record = recordOf(jump, serving, last);
  const plan: Plan = {
    ...{ jump, ...judgeJump(jump), units, target: settings.BACKUP_TO },
    continues: last?.state === 'running' && last.startedAt === record.startedAt,
  };
  const openPlace = () => openBackupPlace(home, { settings, source: process.env, variables });
  const steps = stepsOn({ places, databaseUrl, status, openPlace, options });
  return {
    plan,
    run: (): AsyncGenerator<UpgradeEvent> => runUpgrade({ record, units, isRunning: status !== undefined }, steps),
    locked: <T>(work: () => Promise<T>): Promise<T> => withUpgradeLock(home, work),
    /** The one command back, as things are now; undefined where there is nothing to go back from. */
    back: async (): Promise<string | undefined> => wayBack(await readRecord(home)),
  };
}

/** That of an upgrade that was cut off, or a new one; what served before the first of several that failed is what to go back to. */
export function recordOf(
  jump: Jump,
  serving: Record<string, string>,
  last: UpgradeRecord | undefined,
  now = new Date(),
): UpgradeRecord {
  const { to, wantsBackup } = jump;
  const cutOff = last?.state === 'running' ? last : undefined;
  const isSame = cutOff?.to.version === to.version && cutOff.to.revision === to.revision;
  if (cutOff && isSame && now.getTime() - Date.parse(cutOff.startedAt) < CONTINUED_MS) {
    return { ...cutOff, isBackedUp: !wantsBackup || (cutOff.isBackedUp && cutOff.backup !== null) };
  }
  return {
    state: 'running',
    startedAt: now.toISOString(),
    from: cutOff?.from ?? jump.from ?? to,
    to,
    before: { ...serving, ...cutOff?.before },
    backup: null,
    isBackedUp: !wantsBackup,
    isMigrated: cutOff?.isMigrated ?? false,
  };
}

/** @param record of the last upgrade */
export function wayBack(record: UpgradeRecord | undefined): string | undefined {
  if (record === undefined || record.state === 'undone') return undefined;
  if (record.isMigrated) return 'pandect upgrade --undo';
  const { from, to } = record;
  const isKnown = from.revision !== null && from.revision !== to.revision && !from.revision.endsWith('+');
  return isKnown ? `git -C ${checkout} checkout ${from.revision}` : undefined;
}

/** @throws when there is no upgrade to undo */
export async function planUndo(options: ChangeOptions) {
  const home = await prepareHome(homePath());
  const record = await readRecord(home);
  if (record === undefined || record.state === 'undone') {
    throw new Error(`Undo upgrade of "${home.root}": ${record ? 'it is undone' : 'there was none'}`);
  }
  const serving = servingReleases(await ask<ProcessRow[]>('GET', '/ps'));
  const rollback = (unit: string, release: string) => changesOf('/rollback', { unit, release, ...options });
  return {
    left: leftByUndo(record, checkout),
    async *run(): AsyncGenerator<ChangeEvent, boolean> {
      const ok = yield* undoUpgrade({ record, serving, rollback });
      if (ok) await writeRecord(home, { ...record, state: 'undone' });
      return ok;
    },
    locked: <T>(work: () => Promise<T>): Promise<T> => withUpgradeLock(home, work),
  };
}
