import postgres from 'postgres';
import { readDatabaseUrl } from '../platform/kernel/database-url.ts';

/**
 * Seconds before a lost connection is tried again. The library's own wait grows with each request that meets no server, up
 * to 20 s, and would go on for so long after the server is back.
 */
const reconnectSeconds = () => 0.1 + Math.random() / 10;

/**
 * A postgres.js pool, for migrations, the supervisor and tests: not for transactions that must survive a lost connection, see
 * docs/decisions/0009. Rows come back with the server's own types; 64-bit integers as numbers through Drizzle.
 */
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
