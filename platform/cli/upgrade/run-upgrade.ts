import type { ChangeEvent } from '../../supervisor/control/contract.ts';
import type { UpgradeRecord } from './record.ts';

/** What happens during an upgrade, in order. */
export type UpgradeEvent =
  | { step: 'backup' | 'verify' | 'migrate' | 'supervisor' | 'note'; message: string }
  | { step: 'deploy'; change: ChangeEvent };

/** What an upgrade does to the host; each can be done again. */
export interface UpgradeSteps {
  save(record: UpgradeRecord): Promise<void>;
  /** @returns the backup's id */
  backUp(): Promise<string>;
  /** @throws when the backup is not what was stored */
  verify(id: string): Promise<void>;
  /** Brings the database to the checkout's version. @returns what was waited for and done, a line each */
  migrate(): AsyncIterable<string>;
  /** Replaces the supervisor, which leaves all processes serving. @returns what came of it */
  renewSupervisor(): Promise<string>;
  /** Deploys one unit or site. @returns whether it succeeded */
  deploy(unit: string): AsyncGenerator<ChangeEvent, boolean>;
}

interface Upgrade {
  /** As it was begun, by this command or by one that was cut off. */
  record: UpgradeRecord;
  /** What the checkout has, in the order in which it is deployed. */
  units: readonly string[];
  isRunning: boolean;
}

/** A unit was not deployed; the release before it serves. */
export class UnitFailed extends Error {
  constructor(unit: string) {
    super(`Upgrade: "${unit}" stays at the release before; units before it in the list run the new version`);
  }
}

/**
 * Backup, migration, supervisor, then unit by unit. What was done is recorded at each step, so that one which was killed continues where
 * it was; deploying what serves already changes nothing. @throws at the first step that fails, with what came before it done
 */
export async function* runUpgrade(
  { record, units, isRunning }: Upgrade,
  steps: UpgradeSteps,
): AsyncGenerator<UpgradeEvent> {
  let now = record;
  const keep = async (change: Partial<UpgradeRecord>) => {
    now = { ...now, ...change };
    await steps.save(now);
  };
  await keep({ state: 'running' });
  if (!now.isBackedUp) {
    yield { step: 'backup', message: 'Backing up' };
    const id = now.backup ?? (await steps.backUp());
    await keep({ backup: id });
    yield { step: 'verify', message: `Reading backup ${id} back` };
    await steps.verify(id);
    await keep({ isBackedUp: true });
  }
  // Again after one that was cut off: it is soon found to be done.
  yield { step: 'migrate', message: 'Migrating the database' };
  for await (const message of steps.migrate()) yield { step: 'migrate', message };
  await keep({ isMigrated: true });
  if (!isRunning) {
    yield { step: 'note', message: 'No platform runs; its next start brings the new version' };
    return keep({ state: 'done' });
  }
  yield { step: 'supervisor', message: await steps.renewSupervisor() };
  for (const unit of units) {
    const changes = steps.deploy(unit);
    for (;;) {
      const next = await changes.next();
      if (!next.done) yield { step: 'deploy', change: next.value };
      else if (!next.value) throw new UnitFailed(unit);
      else break;
    }
  }
  await keep({ state: 'done' });
}
