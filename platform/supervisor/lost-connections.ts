import { isDatabaseAway } from '../../db/is-away.ts';
import type { Log } from '../kernel/log.ts';

/**
 * A supervisor outlives its database. postgres.js asks for the types of arrays at the start of each connection, and no one hears of a
 * loss in that moment, which Node takes for a reason to end the process. The query that the connection was for fails anyway.
 */
export function outliveLostConnections(log: Pick<Log, 'warn'>): void {
  process.on('unhandledRejection', (error) => {
    if (!isDatabaseAway(error)) throw error;
    log.warn({ error }, 'Database: the connection is lost');
  });
}
