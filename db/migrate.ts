import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import { PgBoss } from 'pg-boss';
import { connect } from './client.ts';
import { ensureGroups, ensureLogins, type LoginName } from './logins.ts';
import { seedPlans } from './plans.ts';
import { queueConnection } from './queue-connection.ts';

/** One platform at a time may change a database; the number is arbitrary but fixed. */
const LOCK = 7_263_328;

export const migrationsFolder = new URL('./migrations', import.meta.url).pathname;

export interface QueueDefinition {
  name: string;
  attempts: number;
  /** Seconds before the first retry. */
  backoff: number;
  /** Seconds a job may take. */
  timeout: number;
  /** Cron expression (UTC) that adds a job without a payload. */
  schedule?: string | undefined;
}

/**
 * Brings a database to this version: roles, tables, plans, queues, logins. Doing it again changes nothing; two at
 * once wait for each other.
 * @param url connection of a role that owns the database and may create roles
 */
export async function migrateDatabase(
  url: string,
  options: { queues: readonly QueueDefinition[]; passwords?: Record<LoginName, string> },
): Promise<void> {
  const sql = connect(url, { applicationName: 'pandect migrate' });
  try {
    await sql`select pg_advisory_lock(${LOCK})`;
    await ensureGroups(sql);
    const orm = drizzle({ client: sql, casing: 'snake_case' });
    await migrate(orm, { migrationsFolder });
    await seedPlans(orm);
    await prepareQueues(url, options.queues);
    if (options.passwords) await ensureLogins(sql, options.passwords);
  } finally {
    await sql.end();
  }
}

/**
 * Heartbeats let another worker take over a killed one's job within about 15 s instead of the library's 15 minutes;
 * notifications start a job within milliseconds instead of at the next poll.
 */
async function prepareQueues(url: string, queues: readonly QueueDefinition[]): Promise<void> {
  const sql = connect(url, { applicationName: 'pandect migrate' });
  const boss = new PgBoss({ db: queueConnection(sql), supervise: false });
  await boss.start();
  try {
    for (const queue of queues) {
      const options = {
        retryLimit: queue.attempts - 1,
        retryDelay: queue.backoff,
        retryBackoff: true,
        expireInSeconds: queue.timeout,
        heartbeatSeconds: 10,
        notify: true,
        deleteAfterSeconds: 7 * 24 * 3600,
      };
      if (await boss.getQueue(queue.name)) await boss.updateQueue(queue.name, options);
      else await boss.createQueue(queue.name, options);
      if (queue.schedule) await boss.schedule(queue.name, queue.schedule, null, { tz: 'UTC' });
      else await boss.unschedule(queue.name);
    }
  } finally {
    await boss.stop({ graceful: false });
  }
  await grantQueues(sql);
  await sql.end();
}

async function grantQueues(sql: ReturnType<typeof connect>): Promise<void> {
  // Functions may only add jobs; what other organizations' jobs carry is not theirs to read.
  await sql.unsafe(`
    grant usage on schema pgboss to pandect_tenant, pandect_platform, pandect_queue;
    grant select on pgboss.queue, pgboss.version to pandect_tenant;
    grant insert on all tables in schema pgboss to pandect_tenant;
    revoke insert on pgboss.queue, pgboss.version from pandect_tenant;
    grant select (id, start_after) on pgboss.job_common to pandect_tenant;
    grant select, insert, update, delete on all tables in schema pgboss to pandect_queue, pandect_platform;
    grant usage on all sequences in schema pgboss to pandect_tenant, pandect_queue, pandect_platform;
    grant execute on all functions in schema pgboss to pandect_queue, pandect_platform`);
}
