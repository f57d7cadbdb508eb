import { drizzle } from 'drizzle-orm/postgres-js';
import { prepareQueues, type QueueDefinition } from '../platform/capabilities/queue/pgboss/prepare-queues.ts';
import { applyMigrations } from './apply-migrations.ts';
import { connect } from './connect.ts';
import { seedPlans } from './initial-plans.ts';
import { ensureGroups, ensureLogins, type LoginName, type LoginTurn } from './logins.ts';
import { type LockWait, withLockTimeout } from './with-lock-timeout.ts';

/** One platform at a time may change a database; the number is arbitrary but fixed. */
const LOCK = 7_263_328;

/**
 * Brings a database to this version: roles, tables, functions, plans, queues, logins. Doing it again changes nothing; two at
 * once wait for each other. It never waits long for a lock, see `withLockTimeout`, so that a platform can serve while it runs.
 * @param url connection of a role that owns the database and may create roles
 * @throws LockedDatabase when others hold a lock for too long. Then, and when a migration fails, tables and functions are as they were
 */
export async function migrateDatabase(
  url: string,
  options: LoginTurn & {
    queues: readonly QueueDefinition[];
    passwords?: Record<LoginName, string>;
    /** Is told before each wait for a lock. */
    onWait?: (message: string) => void;
    lockWait?: LockWait;
    /** The folder of the migrations, instead of this version's. */
    migrations?: string;
  },
): Promise<void> {
  const sql = connect(url, { applicationName: 'pandect migrate' });
  try {
    await sql`select pg_advisory_lock(${LOCK})`;
    const orm = drizzle({ client: sql, casing: 'snake_case' });
    await withLockTimeout(sql, options, async (lockTimeoutMs) => {
      await ensureGroups(sql);
      await applyMigrations(sql, options.migrations);
      await seedPlans(orm);
      await prepareQueues(url, options.queues, lockTimeoutMs);
      if (options.passwords) await ensureLogins(sql, options.passwords, options);
    });
  } finally {
    await sql.end();
  }
}
