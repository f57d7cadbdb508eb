import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectionLost, openPool } from '../../../db/pool.ts';
import { runTransaction, type Send } from '../../../db/run-transaction.ts';

/** One host at a time enters a database; the number is arbitrary but fixed. */
const LOCK = 7_263_329;
const PAUSE_MS = 500;
const opening = [
  'begin',
  'set local tcp_keepalives_idle = 10',
  'set local tcp_keepalives_interval = 5',
  'set local tcp_keepalives_count = 3',
  'set local idle_in_transaction_session_timeout = 0',
];

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
export async function enterInTurn<T>(url: string, { onWait, signal }: EntryTurn, enter: () => Promise<T>): Promise<T> {
  // A transaction keeps its connection, also behind a pooler. It reads nothing, so it holds no one up.
  const pool = openPool({ url, applicationName: 'pandect entry', max: 1 });
  try {
    return await runTransaction(pool, opening, async (send) => {
      for (let attempt = 1; !(await tryLock(send)); attempt++) {
        if (attempt === 1) onWait('Waiting for another host, which is starting');
        signal.throwIfAborted();
        await sleep(PAUSE_MS);
      }
      return enter();
    });
  } catch (error) {
    // The operator wants to read why, such as that the server refuses connections.
    throw error instanceof ConnectionLost && error.cause instanceof Error ? error.cause : error;
  } finally {
    await pool.close();
  }
}

async function tryLock(send: Send): Promise<boolean> {
  const { rows } = await send({ text: 'select pg_try_advisory_xact_lock($1) as free', values: [LOCK] });
  return rows[0]?.free === true;
}
