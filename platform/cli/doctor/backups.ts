import { type BackupState, readBackupState, withoutFuture } from '../../backup/state.ts';
import type { Facts } from './facts.ts';
import { fail, ok, type Verdict, warn } from './finding.ts';

const HOUR_MS = 3_600_000;
const OLDEST_HOURS = 26;
const DRILL_DAYS = 8;
const LOG_MINUTES = 15;
const FILES_MINUTES = 15;

export async function checkBackups({ home, settings }: Facts): Promise<Verdict | undefined> {
  return home && judgeBackups(await readBackupState(home), settings, new Date());
}

/** Whether there is a backup to go back to, and whether one was restored lately. */
export function judgeBackups(
  state: BackupState,
  { BACKUP_TO, ENVIRONMENT }: Pick<Facts['settings'], 'BACKUP_TO' | 'ENVIRONMENT'>,
  now: Date,
): Verdict {
  const { newest, failure, drill, log, walArchivedAt, files } = withoutFuture(state, now);
  if (BACKUP_TO === undefined) {
    const verdict = ENVIRONMENT === 'production' ? fail : warn;
    return verdict(
      'there are none: BACKUP_TO is not set',
      'set it to a place away from this host; see docs/backups.md',
    );
  }
  const hint = failure ? `the last attempt failed: ${failure.message}` : 'pandect backup create';
  if (newest === undefined) {
    const isFuture = state.newest !== undefined;
    return fail(isFuture ? `${state.newest?.id} is of the future: the clock was ahead` : 'none was made yet', hint);
  }
  const hours = Math.floor((now.getTime() - new Date(newest.startedAt).getTime()) / HOUR_MS);
  if (hours > OLDEST_HOURS) return fail(`the newest one is ${hours} hours old`, hint);
  const minutesSince = (at: string | undefined) =>
    at === undefined ? 0 : Math.floor((now.getTime() - new Date(at).getTime()) / 60_000);
  const minutes = minutesSince(walArchivedAt ?? log?.keptSince);
  if (minutes > LOG_MINUTES) {
    const reason = log?.failure ? `the target does not take it: ${log.failure.message}` : 'is the platform running?';
    return fail(`the database log at the target ends ${minutes} minutes ago`, reason);
  }
  if (minutesSince(files?.failure?.since) > FILES_MINUTES) {
    return fail('new files are not at the target', `it does not take them: ${files?.failure?.message}`);
  }
  const told = `${newest.id}, ${hours} hours old`;
  if (drill && !drill.isPassed) return fail(`${drill.id} could not be restored as it was`, 'pandect restore --drill');
  if (state.provableSince === undefined) return ok(`${told}; a dump, which only pandect restore --drill proves`);
  const days = drill === undefined ? undefined : (now.getTime() - new Date(drill.at).getTime()) / (24 * HOUR_MS);
  if (days === undefined || days > DRILL_DAYS) return warn(`${told}; not proven lately`, 'pandect restore --drill');
  return ok(told);
}
