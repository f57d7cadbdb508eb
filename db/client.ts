import { sql as raw } from 'drizzle-orm';
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { readDatabaseUrl } from '../platform/kernel/database-url.ts';

/** Queries of one transaction. */
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
  /** Calls back for each `NOTIFY` on a channel; `onListen` also after a lost connection came back. */
  listen(
    channel: string,
    onPayload: (payload: string) => void,
    onListen?: () => void,
  ): Promise<{ close(): Promise<void> }>;
  /** Rejects when the database does not answer. */
  check(): Promise<void>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  url: string;
  /** Most connections of this process. */
  connections?: number;
  /** Shown in `pg_stat_activity`. */
  applicationName?: string;
}

/**
 * Connections are opened when needed, given back after 30 idle seconds, and replaced after 30 minutes, so that many
 * small processes stay within one server's limit.
 */
export function createDatabase({ url, connections = 5, applicationName = 'pandect' }: DatabaseOptions): Database {
  const sql = connect(url, { max: connections, applicationName });
  const orm = drizzle({ client: sql, casing: 'snake_case' });
  return {
    tenant: (organizationId, work) =>
      orm.transaction(async (tx) => {
        await tx.execute(raw`select set_config('app.organization_id', ${organizationId}, true)`);
        return work(tx);
      }),
    transaction: (work) => orm.transaction(work),
    async listen(channel, onPayload, onListen) {
      const subscription = await sql.listen(channel, onPayload, onListen);
      return { close: () => subscription.unlisten() };
    },
    async check() {
      await sql`select 1`;
    },
    close: () => sql.end({ timeout: 5 }),
  };
}

/**
 * Seconds before a lost connection is tried again. The library's own wait grows with each request that meets no server, up
 * to 20 s, and would go on for so long after the server is back.
 */
const reconnectSeconds = () => 0.1 + Math.random() / 10;

/** A postgres.js pool. Rows come back with the server's own types; 64-bit integers as numbers through Drizzle. */
export function connect(url: string, { max = 1, applicationName = 'pandect' } = {}) {
  const { url: address, ...socket } = readDatabaseUrl(url);
  return postgres(address, {
    ...socket,
    max,
    idle_timeout: 30,
    max_lifetime: 30 * 60,
    connect_timeout: 10,
    backoff: reconnectSeconds,
    onnotice: () => {},
    connection: { application_name: applicationName },
  });
}
