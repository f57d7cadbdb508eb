import { PgRemoteDatabase } from 'drizzle-orm/pg-proxy';
import { PgRemoteSession } from 'drizzle-orm/pg-proxy/session';
import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import pg from 'pg';
import { dialect } from './dialect.ts';
import { listen } from './listen.ts';
import { openPool } from './pool.ts';
import { runTransaction, type Send } from './run-transaction.ts';
import { createStatementNames, type NameStatement } from './statements/statement-names.ts';
import { queryAsTenant } from './statements/tenant-statement.ts';
import { types } from './types.ts';

/** Queries of one transaction. Those sent after its end, or after its connection was lost, are refused. */
export type Transaction = Pick<
  PostgresJsDatabase,
  'select' | 'selectDistinct' | 'insert' | 'update' | 'delete' | 'execute' | '$count'
>;

export interface Database {
  /**
   * Runs `work` in a transaction that sees one organization's rows only. The setting ends with the transaction,
   * so a pooled connection carries nothing over.
   */
  tenant<T>(organizationId: string, work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Runs `work` in a transaction with no organization set; what it sees depends on the role. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /**
   * Runs one statement by itself that sees one organization's rows only, in one round trip. Cheaper than `tenant` where there is nothing
   * else to ask. @param parameters strings as the database reads them
   */
  tenantStatement<Row>(
    organizationId: string,
    text: string,
    parameters: readonly (string | number | null)[],
  ): Promise<Row[]>;
  /**
   * Runs one statement by itself. It sees no organization's rows, but for those of
   * one that a function called in it sets. @param parameters strings as the database reads them
   */
  statement<Row>(text: string, parameters: readonly (string | number | null)[]): Promise<Row[]>;
  /** Calls back for each `NOTIFY` on a channel; `onListen` also after a lost connection came back. */
  listen(
    channel: string,
    onPayload: (payload: string) => void,
    onListen?: () => void,
  ): Promise<{ close(): Promise<void> }>;
  /** Rejects when the database does not answer. */
  check(): Promise<void>;
  /** Closes what listens as well. */
  close(): Promise<void>;
}

/** Most connections of a process, unless it asks for others. */
export const POOL_CONNECTIONS = 5;

export interface DatabaseOptions {
  url: string;
  connections?: number | undefined;
  /** Longest wait for one of them; default: 10 seconds. */
  acquireMs?: number | undefined;
  /** Age at which each is replaced; default: 30 minutes. */
  lifetimeSeconds?: number | undefined;
  /** Shown in `pg_stat_activity`. */
  applicationName?: string;
}

/** Drizzle over one transaction. */
const queries = (send: Send, nameOf: NameStatement) =>
  new PgRemoteDatabase(
    dialect,
    new PgRemoteSession(
      async (text, values, method) => {
        // The library would send them as null.
        if (values.includes(undefined)) throw new Error('Send statement: a parameter is undefined');
        const name = nameOf(text);
        return send({ text, values, types, ...(name && { name }), ...(method === 'all' && { rowMode: 'array' }) });
      },
      dialect,
      undefined,
    ),
    undefined,
  ) as unknown as Transaction;

/** A small pool of connections for one process. */
export function createDatabase({
  url,
  connections = POOL_CONNECTIONS,
  applicationName = 'pandect',
  ...limits
}: DatabaseOptions): Database {
  const nameOf = createStatementNames();
  const pool = openPool({ url, applicationName, max: connections, ...limits });
  const transaction = <T>(settings: string[], work: (tx: Transaction) => Promise<T>) =>
    runTransaction(pool, ['begin', ...settings], (send) => work(queries(send, nameOf)));
  const listening = new Set<Promise<{ close(): Promise<void> }>>();
  return {
    tenant: (organizationId, work) =>
      transaction([`set local app.organization_id = ${pg.escapeLiteral(organizationId)}`], work),
    transaction: (work) => transaction([], work),
    async tenantStatement(organizationId, text, parameters) {
      const name = nameOf(text);
      const statement = { text, values: [...parameters], types, ...(name && { name }) };
      return (await pool.use((client) => queryAsTenant(client, organizationId, statement))).rows;
    },
    async statement(text, parameters) {
      const name = nameOf(text);
      return (await pool.query({ text, values: [...parameters], types, ...(name && { name }) })).rows;
    },
    async listen(channel, onPayload, onListen) {
      const opening = listen({ url, applicationName }, channel, onPayload, onListen);
      listening.add(opening);
      const opened = await opening.catch((error: unknown) => {
        listening.delete(opening);
        throw error;
      });
      return {
        close() {
          listening.delete(opening);
          return opened.close();
        },
      };
    },
    async check() {
      await pool.query({ text: 'select 1' });
    },
    async close() {
      const closings = [...listening].map((opening) =>
        opening.then(
          (opened) => opened.close(),
          () => {},
        ),
      );
      await Promise.all(closings);
      await pool.close();
    },
  };
}
