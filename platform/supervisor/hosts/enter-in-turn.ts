import { setTimeout as sleep } from 'node:timers/promises';
import type { TransactionSql } from 'postgres';
import { withHosts } from './host-rows.ts';

/** One host at a time enters a database; the number is arbitrary but fixed. */
const LOCK = 7_263_329;
const PAUSE_MS = 500;

export interface EntryTurn {
  /** Is told once, before it waits for another host. */
  onWait: (message: string) => void;
  signal: AbortSignal;
}

/**
 * Does what a host does before others may know of it, while no other host does: of two that start at the same moment, the second one
 * meets all that the first one made. The lock ends with the connection; when a host was lost with its network, after half a minute.
 * @param url connection of the database's owner
 * @throws when the connection was lost before it entered, so that another host may have entered too
 */
export function enterInTurn<T>(url: string, { onWait, signal }: EntryTurn, enter: () => Promise<T>): Promise<T> {
  const inTransaction = async (tx: TransactionSql) => {
    await tx`set local tcp_keepalives_idle = 10`;
    await tx`set local tcp_keepalives_interval = 5`;
    await tx`set local tcp_keepalives_count = 3`;
    await tx`set local idle_in_transaction_session_timeout = 0`;
    for (let attempt = 1; !(await tryLock(tx)); attempt++) {
      if (attempt === 1) onWait('Waiting for another host, which is starting');
      signal.throwIfAborted();
      await sleep(PAUSE_MS);
    }
    const entered = await enter();
    await tx`select 1`;
    return entered;
  };
  // A transaction keeps its connection, also behind a pooler. It reads nothing, so it holds no one up.
  return withHosts(url, async (sql) => (await sql.begin(inTransaction)) as T, 'pandect entry');
}

async function tryLock(tx: TransactionSql): Promise<boolean> {
  const [row] = await tx<{ free: boolean }[]>`select pg_try_advisory_xact_lock(${LOCK}) as free`;
  return row?.free === true;
}
