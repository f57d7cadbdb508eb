import { setTimeout as sleep } from 'node:timers/promises';
import type { Sql } from 'postgres';

export interface LockWait {
  /** Longest wait for one lock; everybody who wants the table then waits behind it for as long. */
  lockTimeoutMs: number;
  attempts: number;
  /** After the first attempt; those who waited behind are served in it. Each later one is twice as long, up to eight seconds. */
  pauseMs: number;
}

/** About three minutes in all. */
const usual: LockWait = { lockTimeoutMs: 2_000, attempts: 20, pauseMs: 500 };
const LONGEST_PAUSE_MS = 8_000;

/** What PostgreSQL answers to a wait for a lock: lock_not_available, deadlock_detected. */
const lockErrors: unknown[] = ['55P03', '40P01'];

/** Another session holds a lock that a migration needs. */
export class LockedDatabase extends Error {
  override readonly name = 'LockedDatabase';
}

/**
 * Runs work that changes tables in use. PostgreSQL queues later readers of a table behind a session that waits to change
 * it, so a single long transaction would stop everything: here the wait is short, then the work is taken back and tried
 * again. The work must be repeatable.
 * @param work gets the timeout, for further connections that it opens
 * @throws LockedDatabase after the last attempt
 */
export async function withLockTimeout<T>(
  sql: Sql,
  {
    lockWait: { lockTimeoutMs, attempts, pauseMs } = usual,
    onWait,
  }: { lockWait?: LockWait; onWait?: (message: string) => void },
  work: (lockTimeoutMs: number) => Promise<T>,
): Promise<T> {
  await setLockTimeout(sql, lockTimeoutMs);
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(lockTimeoutMs);
    } catch (error) {
      if (!isLockError(error)) throw error;
      const message = `Migrate database: a table is locked, attempt ${attempt} of ${attempts}${await holders(sql)}`;
      if (attempt >= attempts) throw new LockedDatabase(`${message}; end that session and try again`, { cause: error });
      onWait?.(message);
      await sleep(Math.min(pauseMs * 2 ** (attempt - 1), LONGEST_PAUSE_MS));
    }
  }
}

export const setLockTimeout = (sql: Sql, milliseconds: number): Promise<unknown> =>
  sql`select set_config('lock_timeout', ${String(milliseconds)}, false)`;

function isLockError(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause) {
    if ('code' in each && lockErrors.includes(each.code)) return true;
  }
  return false;
}

/** The sessions that hold locks on tables, the oldest transactions first. */
async function holders(sql: Sql): Promise<string> {
  const rows = await sql<{ pid: number; application: string; seconds: number | null }[]>`
    select pid, application_name as application, extract(epoch from now() - xact_start)::int as seconds
    from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
      and pid in (select pid from pg_locks where locktype = 'relation' and granted)
    order by xact_start nulls last
    limit 3`;
  const named = rows.map(
    ({ pid, application, seconds }) =>
      `"${application}" (process ${pid}${seconds === null ? '' : `, for ${seconds} s`})`,
  );
  return named.length === 0 ? '' : `: ${named.join(', ')}`;
}
