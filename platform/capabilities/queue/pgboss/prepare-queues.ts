import { PgBoss } from 'pg-boss';
import type { Sql } from 'postgres';
import { connect } from '../../../../db/connect.ts';
import { queueConnection } from '../../../../db/queue-connection.ts';
import { setLockTimeout } from '../../../../db/with-lock-timeout.ts';

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

const DAY = 24 * 3600;
/** Seconds; however often a job failed, it is tried again after at most so long. */
const LONGEST_BACKOFF = 300;
/** Jobs that failed for good wait so long for somebody to look at them. */
const DEAD_DAYS = 90;

/**
 * Makes the queues and brings those that are there to their definition. Each has another one behind it for its jobs
 * that failed for good: no worker takes these, and an operator retries or discards them.
 *
 * The wait before a retry doubles with each attempt and is then stretched by a random part of itself, up to twice,
 * so that jobs that failed together do not come back together. Notifications start a job within milliseconds instead
 * of at the next poll.
 * @param lockTimeoutMs longest wait for one lock; 0 has no end
 */
export async function prepareQueues(url: string, queues: readonly QueueDefinition[], lockTimeoutMs = 0): Promise<void> {
  const sql = connect(url, { applicationName: 'pandect migrate' });
  const boss = new PgBoss({ db: queueConnection(sql), supervise: false });
  const ensure = async (name: string, options: Parameters<typeof boss.updateQueue>[1]) => {
    if (!(await boss.getQueue(name))) await boss.createQueue(name);
    await boss.updateQueue(name, options);
  };
  try {
    await setLockTimeout(sql, lockTimeoutMs);
    await boss.start();
    for (const queue of queues) {
      const dead = `${queue.name}-dead`;
      await ensure(dead, { retentionSeconds: DEAD_DAYS * DAY });
      await ensure(queue.name, {
        retryLimit: queue.attempts - 1,
        retryDelay: queue.backoff,
        retryBackoff: true,
        retryDelayMax: LONGEST_BACKOFF,
        expireInSeconds: queue.timeout,
        heartbeatSeconds: 10, // the least that the library takes
        notify: true,
        // A queue that an operator stopped keeps what is in it.
        retentionSeconds: DEAD_DAYS * DAY,
        deleteAfterSeconds: 7 * DAY,
        deadLetter: dead,
      });
      if (queue.schedule) await boss.schedule(queue.name, queue.schedule, null, { tz: 'UTC' });
      else await boss.unschedule(queue.name);
    }
    // Looked through every few seconds for jobs of workers that are gone, among all that were done in a week.
    // Asked for first, as "if not exists" locks the table before it looks.
    const [index] = await sql`select to_regclass('pgboss.pandect_job_active') as there`;
    if (!index?.there) await sql`create index pandect_job_active on pgboss.job (name) where state = 'active'`;
    await defineFunctions(sql);
    await grantQueues(sql);
  } finally {
    await boss.stop({ graceful: false });
    await sql.end();
  }
}

/**
 * What senders need of jobs that they may not read. The first locks the key until the transaction ends, so that of two senders
 * at once one sees the other's job, and the job that it finds, so that no worker begins it before.
 */
async function defineFunctions(sql: Sql): Promise<void> {
  await sql.unsafe(`
    create or replace function pgboss.pandect_waiting_job(text, text) returns uuid
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
    declare waiting uuid;
    begin
      perform pg_advisory_xact_lock(hashtextextended('job ' || $1 || ' ' || $2, 0));
      select id into waiting from pgboss.job
        where name = $1 and singleton_key = $2 and state < 'active'::pgboss.job_state
        limit 1 for key share skip locked;
      return waiting;
    end $$;
    create or replace function pgboss.pandect_cancel_job(text, uuid) returns boolean
    language sql security definer set search_path = pg_catalog, pg_temp as $$
      with cancelled as (
        update pgboss.job set state = 'cancelled', completed_on = now()
        where name = $1 and id = $2 and state < 'completed'::pgboss.job_state
          and case when coalesce(current_setting('app.organization_id', true), '') <> ''
            then group_id = current_setting('app.organization_id', true)
            else has_table_privilege(session_user, 'pgboss.job', 'update') end
        returning 1
      )
      select exists (select 1 from cancelled)
    $$;
    revoke execute on function pgboss.pandect_waiting_job, pgboss.pandect_cancel_job from public`);
}

async function grantQueues(sql: Sql): Promise<void> {
  // Functions may only add jobs; what other organizations' jobs carry is not theirs to read.
  await sql.unsafe(`
    grant usage on schema pgboss to pandect_tenant, pandect_identity, pandect_platform, pandect_queue;
    grant select on pgboss.queue, pgboss.version to pandect_tenant, pandect_identity;
    revoke insert on all tables in schema pgboss from pandect_tenant, pandect_identity;
    grant insert on pgboss.job, pgboss.job_common to pandect_tenant, pandect_identity;
    grant select (id, start_after) on pgboss.job_common to pandect_tenant, pandect_identity;
    grant select, insert, update, delete on all tables in schema pgboss to pandect_queue, pandect_platform;
    grant usage on all sequences in schema pgboss to pandect_tenant, pandect_identity, pandect_queue, pandect_platform;
    grant execute on function pgboss.pandect_waiting_job, pgboss.pandect_cancel_job to pandect_tenant, pandect_identity;
    grant execute on all functions in schema pgboss to pandect_queue, pandect_platform`);
}
