import { readBackupState, withoutFuture } from '../../../backup/state.ts';
import type { Home } from '../../../services/home.ts';
import { type Family, gauge } from '../family.ts';

/** What is known of the backups without asking their target. */
export async function readBackupFigures(home: Pick<Home, 'root'>): Promise<Family[]> {
  const state = withoutFuture(await readBackupState(home), new Date());
  const { newest, provableSince, drill, log, walArchivedAt, files } = state;
  return [
    gauge(
      'pandect_backup_last_success_timestamp_seconds',
      'When the newest complete backup was begun',
      seconds(newest?.startedAt),
    ),
    gauge('pandect_backup_duration_seconds', 'Time that it took', newest?.seconds),
    gauge('pandect_backup_size_bytes', 'Its content', newest?.bytes),
    gauge(
      'pandect_wal_archived_timestamp_seconds',
      'Up to when changes of the database are at the target; before there are any, since when they are kept',
      seconds(walArchivedAt ?? log?.keptSince),
    ),
    gauge(
      'pandect_files_archived_timestamp_seconds',
      'Up to when files are at the target; before there are any, since when that fails',
      seconds(files?.archivedAt ?? files?.failure?.since),
    ),
    gauge(
      'pandect_backup_provable_timestamp_seconds',
      'When the first backup was complete that a drill can restore',
      seconds(provableSince),
    ),
    gauge(
      'pandect_restore_drill_success_timestamp_seconds',
      'When a restore was last tried and everything was there',
      seconds(drill?.succeededAt),
    ),
    gauge('pandect_restore_drill_duration_seconds', 'Time that the last trial took', drill?.seconds),
  ];
}

const seconds = (at: string | undefined): number | undefined => (at === undefined ? undefined : Date.parse(at) / 1000);
