import { connect } from '../../db/connect.ts';
import type { BackupPlace } from './backup-place.ts';
import { withDatabase } from './content/database-source.ts';
import type { Manifest } from './manifest.ts';

/** Tells the database: files that are deleted after this backup began are kept until the next one is complete. */
export async function recordBackup({ places, settings }: BackupPlace, { id, startedAt }: Manifest): Promise<void> {
  await withDatabase(places, settings.DATABASE_URL, async ({ url }) => {
    const sql = connect(url, { applicationName: 'pandect backup' });
    try {
      await sql`
        insert into newest_backup (id, started_at) values (${id}, ${startedAt})
        on conflict (number) do update set id = excluded.id, started_at = excluded.started_at`;
    } finally {
      await sql.end({ timeout: 5 });
    }
  });
}
