import type { Db } from 'pg-boss';

/** Makes the attempt that is in progress at a job its last one. */
export async function endRetries(
  db: Pick<Db, 'executeSql'>,
  { name, id }: { name: string; id: string },
): Promise<void> {
  await db.executeSql(
    "update pgboss.job set retry_limit = retry_count where name = $1 and id = $2 and state = 'active'",
    [name, id],
  );
}
