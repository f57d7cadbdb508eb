import type { Db } from 'pg-boss';
import type { ISql, Sql } from 'postgres';

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
