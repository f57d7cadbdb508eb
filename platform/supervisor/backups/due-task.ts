import { type BackupState, withoutFuture } from '../../backup/state.ts';

/** What the supervisor has done by itself. */
export type BackupTask = 'backup' | 'drill';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Of the day, in UTC. */
const BACKUP_HOUR = 3;
const DRILL_EVERY_MS = 7 * DAY_MS;
const DRILL_AGAIN_MS = DAY_MS;
/** After an attempt that failed. */
const RETRY_MS = HOUR_MS;

/**
 * A backup each day after 03:00 UTC, and at once where there is none; a drill each week, of what is there by then, and the day after one
 * that failed. One that was missed, as
 * the host was off, is made up for. A stream of the log begins with a backup.
 * @param attemptedAt when the last task of this process began
 * @param target where backups go now; another one than that of the newest has to begin with a backup
 */
export function dueTask(
  state: BackupState,
  now: Date,
  attemptedAt: Date | undefined,
  target?: string,
): BackupTask | undefined {
  if (attemptedAt && Math.abs(now.getTime() - attemptedAt.getTime()) < RETRY_MS) return undefined;
  const { newest, drill, log } = withoutFuture(state, now);
  if (newest === undefined || new Date(newest.startedAt) < lastBackupTime(now)) return 'backup';
  if (target !== undefined && newest.target !== undefined && newest.target !== target) return 'backup';
  // Log without a backup to begin at restores nothing: it was lost in between, or is new.
  if (log?.from !== undefined && newest.stream !== log.stream) return 'backup';
  // A dump of a database elsewhere is brought back by other means.
  if (state.provableSince === undefined) return undefined;
  const sinceDrill = drill === undefined ? Number.POSITIVE_INFINITY : now.getTime() - new Date(drill.at).getTime();
  return sinceDrill > (drill?.isPassed === false ? DRILL_AGAIN_MS : DRILL_EVERY_MS) ? 'drill' : undefined;
}

function lastBackupTime(now: Date): Date {
  const today = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate(), BACKUP_HOUR);
  return new Date(today <= now.getTime() ? today : today - DAY_MS);
}
