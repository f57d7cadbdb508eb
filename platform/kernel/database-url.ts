/**
 * The place of a unix socket in a database URL is libpq's, `postgres://user:password@localhost/database?host=/folder`:
 * psql, pg_dump and node-postgres read it. postgres.js would send `host` to the server as a setting and be refused, so
 * it gets the URL without it and the folder as its option `host`.
 */
export interface DatabaseAddress {
  url: string;
  /** Folder of the unix socket; missing for a server on the network. */
  host?: string;
}

/** @returns what `postgres(url, { host })` takes, both from one URL */
export function readDatabaseUrl(url: string): DatabaseAddress {
  const parsed = new URL(url);
  const host = parsed.searchParams.get('host');
  if (!host?.startsWith('/')) return { url };
  parsed.searchParams.delete('host');
  return { url: parsed.href, host };
}
