import { readConfigured } from '../../../backup/configured.ts';
import { readBackupState, withoutFuture } from '../../../backup/state.ts';
import type { Source } from '../../../kernel/composition.ts';
import type { Home } from '../../../services/home.ts';
import { type Family, gauge } from '../family.ts';

/** What is known of the backups without asking their target. @param source the operator's settings */
export async function readBackupFigures(home: Pick<Home, 'root'>, source: Source): Promise<Family[]> {
  const since = await readConfigured(home, source);
  const state = withoutFuture(await readBackupState(home), new Date());
  const { newest, drill, log, walArchivedAt, files } = state;
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
    {
      name: 'pandect_backup_configured_timestamp_seconds',
      ...{ type: 'gauge', help: 'Since when the supervisor has to see to a part of the backups' },
      series: since === undefined ? [] : partsOf(source).map((part) => ({ labels: { part }, value: since / 1000 })),
    },
    gauge(
      'pandect_restore_drill_success_timestamp_seconds',
      'When a restore was last tried and everything was there',
      // Drills of dumps are left to the operator, whom nothing reminds of them.
      seconds(source.DATABASE_URL ? undefined : drill?.succeededAt),
    ),
    gauge('pandect_restore_drill_duration_seconds', 'Time that the last trial took', drill?.seconds),
  ];
}

/** What is to be done by itself next to backups: of a database elsewhere there is no log, and a host that has none of its own may lack the server for a drill. */
const partsOf = ({ DATABASE_URL, BACKUP_SCHEDULE }: Source): string[] =>
  DATABASE_URL || BACKUP_SCHEDULE === 'off' ? [] : ['log', 'files', 'drill'];

const seconds = (at: string | undefined): number | undefined => (at === undefined ? undefined : Date.parse(at) / 1000);
