import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import { connect } from './connect.ts';
import { seedGeneration } from './first-generation.ts';
import { ensureGroups, ensureLogins, type LoginName } from './logins.ts';
import { seedPlans } from './plans.ts';
import { prepareQueues, type QueueDefinition } from './queues.ts';

/** One platform at a time may change a database; the number is arbitrary but fixed. */
const LOCK = 7_263_328;

export const migrationsFolder = new URL('./migrations', import.meta.url).pathname;

/**
 * Brings a database to this version: roles, tables, plans, the first index generation, queues, logins. Doing it again changes nothing; two at
 * once wait for each other.
 * @param url connection of a role that owns the database and may create roles
 */
export async function migrateDatabase(
  url: string,
  options: {
    queues: readonly QueueDefinition[];
    passwords?: Record<LoginName, string>;
    /** What the first index is made by, where there is none. */
    index?: Parameters<typeof seedGeneration>[1];
  },
): Promise<void> {
  const sql = connect(url, { applicationName: 'pandect migrate' });
  try {
    await sql`select pg_advisory_lock(${LOCK})`;
    await ensureGroups(sql);
    const orm = drizzle({ client: sql, casing: 'snake_case' });
    await migrate(orm, { migrationsFolder });
    await seedPlans(orm);
    if (options.index) await seedGeneration(orm, options.index);
    await prepareQueues(url, options.queues);
    if (options.passwords) await ensureLogins(sql, options.passwords);
  } finally {
    await sql.end();
  }
}
