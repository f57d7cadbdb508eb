import pg from 'pg';

export interface ConnectionOptions {
  url: string;
  /** Shown in `pg_stat_activity`. */
  applicationName: string;
}

export interface Pool {
  /** A connection for oneself, to be released; it is waited for no longer than ten seconds. @throws ConnectionLost */
  take(): Promise<pg.PoolClient>;
  /** One statement; several when there are no values. @throws ConnectionLost when it may have been lost half-way, too */
  query(statement: pg.QueryConfig): Promise<pg.QueryResult>;
  /** Takes no more, gives what is under way some seconds to end, and then cuts it. */
  close(): Promise<void>;
}

/** The connection ended, or there is none available; the same work may succeed later. `isDatabaseAway` knows its code. */
export class ConnectionLost extends Error {
  readonly code = 'CONNECTION_CLOSED';

  constructor(cause: unknown) {
    super('Ask database: the connection is lost', { cause });
    this.name = 'ConnectionLost';
  }
}

/**
 * The connection was lost while the server committed: the transaction may have taken place or not. Anything that it may rely on from
 * then on, such as a stored file, has to stay.
 */
export class CommitUnknown extends ConnectionLost {}

const CLOSE_MS = 5_000;

const settings = ({ url, applicationName }: ConnectionOptions): pg.ClientConfig => ({
  connectionString: url,
  application_name: applicationName,
  connectionTimeoutMillis: 10_000,
  keepAlive: true,
  keepAliveInitialDelayMillis: 60_000,
});

/** A loss that no one listens for would end the process; anyone who asks on that connection is told anyway. */
const tolerateLoss = (client: pg.ClientBase) => void client.on('error', () => {});

/** What the server refuses stays as it is; all else is the connection's, and some of it has no code to know it by. */
export function throwLoss(error: unknown): never {
  throw error instanceof pg.DatabaseError || error instanceof ConnectionLost ? error : new ConnectionLost(error);
}

/** One connection, outside of any pool. When it is lost it emits `end`, and is never opened again. */
export async function openConnection(options: ConnectionOptions): Promise<pg.Client> {
  const client = new pg.Client(settings(options));
  tolerateLoss(client);
  await client.connect().catch(throwLoss);
  return client;
}

/**
 * Connections are opened when needed, given back after 30 idle seconds, and replaced after 30 minutes, so that many
 * small processes stay within one server's limit. One that is lost is thrown away and never opened again.
 */
export function openPool({ max, ...options }: ConnectionOptions & { max: number }): Pool {
  const pool = new pg.Pool({ ...settings(options), max, idleTimeoutMillis: 30_000, maxLifetimeSeconds: 30 * 60 });
  const taken = new Set<pg.PoolClient>();
  pool.on('error', () => {}); // an idle connection was lost, and no one waits for it
  pool.on('connect', tolerateLoss);
  pool.on('acquire', (client) => taken.add(client));
  pool.on('release', (_, client) => taken.delete(client));
  return {
    take: () => pool.connect().catch(throwLoss),
    query: (statement) => pool.query(statement).catch(throwLoss),
    async close() {
      const late = setTimeout(() => {
        // The types of the library leave `end` out.
        for (const client of taken as Set<pg.ClientBase & Pick<pg.Client, 'end'>>) void client.end();
      }, CLOSE_MS);
      await pool.end();
      clearTimeout(late);
    },
  };
}
