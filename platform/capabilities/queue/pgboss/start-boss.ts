import { type Db, PgBoss } from 'pg-boss';

/** The library over a connection, which ends with it; it looks after no queue by itself. @throws when the database has no queues */
export async function startBoss(
  db: Db,
  end: () => Promise<unknown>,
): Promise<{ boss: PgBoss; close(): Promise<void> }> {
  const boss = new PgBoss({ db, supervise: false, schedule: false, migrate: false, createSchema: false });
  boss.on('error', () => {}); // its timers report here what the next call throws
  const close = async () => {
    await boss.stop({ graceful: false });
    await end();
  };
  await boss.start().catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return { boss, close };
}
