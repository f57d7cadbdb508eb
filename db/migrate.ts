import { setTimeout as sleep } from 'node:timers/promises';
import { drizzle } from 'drizzle-orm/postgres-js';
import type { Sql } from 'postgres';
import { prepareQueues, type QueueDefinition } from '../platform/capabilities/queue/pgboss/prepare-queues.ts';
import { applyMigrations, migrationState, readMigrations } from './apply-migrations.ts';
import { buildIndexesAhead, removeIndexes } from './build-indexes-ahead.ts';
import { connect } from './connect.ts';
import { seedPlans } from './initial-plans.ts';
import { ensureGroups, ensureLogins, type LoginName, type LoginTurn } from './logins.ts';
import { type LockWait, withLockTimeout } from './with-lock-timeout.ts';

/** One platform at a time may change a database; the number is arbitrary but fixed. */
const LOCK = 7_263_328;

/**
 * Brings a database to this version: roles, tables, functions, plans, queues, logins. Doing it again changes nothing; two at
 * once wait for each other. It never waits long for a lock, see `withLockTimeout`, and makes indexes of large tables while others write, so
 * that a platform can serve while it runs.
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
    await takeTurn(sql);
    const orm = drizzle({ client: sql, casing: 'snake_case' });
    const { pending } = await migrationState(sql, await readMigrations(options.migrations));
    const built = await buildIndexesAhead(sql, pending);
    let isApplied = false;
    try {
      await withLockTimeout(sql, options, async (lockTimeoutMs) => {
        await ensureGroups(sql);
        await applyMigrations(sql, options.migrations);
        isApplied = true;
        await seedPlans(orm);
        await prepareQueues(url, options.queues, lockTimeoutMs);
        if (options.passwords) await ensureLogins(sql, options.passwords, options);
      });
    } catch (error) {
      if (!isApplied) await removeIndexes(sql, built);
      throw error;
    }
  } finally {
    await sql.end();
  }
}

const TURN_MS = 200;

/** Asks again and again: one that waits in the server is a transaction that an index made next to writers would wait for in turn. */
async function takeTurn(sql: Sql): Promise<void> {
  for (;;) {
    const [row] = await sql<{ isMine: boolean }[]>`select pg_try_advisory_lock(${LOCK}) as "isMine"`;
    if (row?.isMine) return;
    await sleep(TURN_MS);
  }
}
