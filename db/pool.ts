import pg from 'pg';

export interface ConnectionOptions {
  url: string;
  /** Shown in `pg_stat_activity`. */
  applicationName: string;
}

export interface PoolLimits {
  /** Connections at the same time. */
  max: number;
  /** Longest wait for one of them; default: 10 seconds. */
  acquireMs?: number | undefined;
  /** Age at which a connection is replaced as soon as no one has it; default: 30 minutes. */
  lifetimeSeconds?: number | undefined;
}

export interface Pool {
  /** A connection for oneself, to be released. @throws NoConnection, ConnectionLost */
  take(): Promise<pg.PoolClient>;
  /** One statement; several when there are no values. @throws ConnectionLost when it may have been lost half-way, too */
  query(statement: pg.QueryConfig): Promise<pg.QueryResult>;
  /** What is sent at once on one connection. @throws ConnectionLost when it may have been lost half-way, too */
  use(send: (client: pg.PoolClient) => Promise<pg.QueryResult>): Promise<pg.QueryResult>;
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

/** All connections of the pool were in use for as long as one may be waited for. */
export class NoConnection extends ConnectionLost {
  constructor({ max, acquireMs }: { max: number; acquireMs: number }, cause: unknown) {
    super(cause);
    this.name = 'NoConnection';
    this.message = `Wait for a database connection: all ${max} are in use after ${acquireMs} ms`;
  }
}

/**
 * The connection was lost while the server committed: the transaction may have taken place or not. Anything that it may rely on from
 * then on, such as a stored file, has to stay.
 */
export class CommitUnknown extends ConnectionLost {}

/**
 * The table of a statement that the connection keeps has changed since: each time the connection is asked, the statement fails. Another
 * connection knows nothing of it.
 */
export const isOutdated = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && error.code === '0A000' && error.routine === 'RevalidateCachedQuery';

const CLOSE_MS = 5_000;
const ACQUIRE_MS = 10_000;
const LIFETIME_SECONDS = 30 * 60;

const settings = ({ url, applicationName }: ConnectionOptions): pg.ClientConfig => ({
  connectionString: url,
  application_name: applicationName,
  connectionTimeoutMillis: ACQUIRE_MS,
  keepAlive: true,
  keepAliveInitialDelayMillis: 60_000,
});

/** A loss that no one listens for would end the process; anyone who asks on that connection is told anyway. */
const tolerateLoss = (client: pg.ClientBase) => void client.on('error', () => {});

/** What the server refuses stays as it is; all else is the connection's, and some of it has no code to know it by. */
export function throwLoss(error: unknown): never {
  const isServers = error instanceof pg.DatabaseError && !isOutdated(error);
  throw isServers || error instanceof ConnectionLost ? error : new ConnectionLost(error);
}

/** One connection, outside of any pool. When it is lost it emits `end`, and is never opened again. */
export async function openConnection(options: ConnectionOptions): Promise<pg.Client> {
  const client = new pg.Client(settings(options));
  tolerateLoss(client);
  await client.connect().catch(throwLoss);
  return client;
}

/**
 * Connections are opened when needed, given back after 30 idle seconds, and replaced when they are old, so that many
 * small processes stay within one server's limit. One that is lost is thrown away and never opened again.
 */
export function openPool(options: ConnectionOptions & PoolLimits): Pool {
  const { max, acquireMs = ACQUIRE_MS, lifetimeSeconds = LIFETIME_SECONDS } = options;
  const pool = new pg.Pool({
    ...settings(options),
    max,
    connectionTimeoutMillis: acquireMs,
    idleTimeoutMillis: 30_000,
    maxLifetimeSeconds: lifetimeSeconds,
  });
  const taken = new Set<pg.PoolClient>();
  pool.on('error', () => {}); // an idle connection was lost, and no one waits for it
  pool.on('connect', tolerateLoss);
  pool.on('acquire', (client) => taken.add(client));
  pool.on('release', (_, client) => taken.delete(client));
  const take = () =>
    pool.connect().catch((error: unknown) => {
      if (taken.size >= max) throw new NoConnection({ max, acquireMs }, error);
      return throwLoss(error);
    });
  const use: Pool['use'] = async (send) => {
    const client = await take();
    let isAnswered = false;
    try {
      const result = await send(client);
      isAnswered = true;
      return result;
    } catch (error) {
      return throwLoss(error);
    } finally {
      client.release(!isAnswered);
    }
  };
  return {
    take,
    use,
    query: (statement) => use((client) => client.query(statement)),
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
