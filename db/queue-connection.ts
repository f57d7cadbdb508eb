import type { Db } from 'pg-boss';
import type { ISql, Sql } from 'postgres';
import { listen } from './listen.ts';
import { type ConnectionOptions, openPool } from './pool.ts';

export interface QueueConnection extends Db {
  close(): Promise<void>;
}

/** A connection for what lives long: it outlasts a database that goes away and comes back. */
export function openQueueConnection(options: ConnectionOptions): QueueConnection {
  const pool = openPool({ ...options, max: 1 });
  return {
    executeSql: (text, values) => pool.query({ text, ...(values && { values }) }),
    listen: (channel, onNotification, onReconnect) => listen(options, channel, onNotification, onReconnect),
    close: pool.close,
  };
}

/**
 * A postgres.js pool in the form that pg-boss takes. The pool must not be one that Drizzle wraps: Drizzle switches
 * the pool's own handling of JSON and dates off, on which pg-boss relies.
 */
export const queueConnection = (sql: Sql): Db => ({
  ...queueStatements(sql),
  async listen(channel, onNotification, onReconnect) {
    const subscription = await sql.listen(channel, onNotification, onReconnect);
    return { close: () => subscription.unlisten() };
  },
});

/** The same for a single call of the library, which then belongs to a transaction. */
export const queueStatements = (sql: ISql): Db => ({
  async executeSql(text, values = []) {
    return { rows: await sql.unsafe(text, values as never[]) };
  },
});
