import { sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';

/** Ended in one transaction at most; each holds its organization's row until the end. */
const BATCH = 100;

/**
 * Ends what ran out: a request that no provider was called for is given back, any other is charged with what was reserved. Until
 * then neither holds a place among the requests in progress.
 * @param database as the platform's role, which sees all organizations
 */
export async function expireUnits(database: Database, at: Date): Promise<{ expired: number; lost: number }> {
  const ended = { expired: 0, lost: 0 };
  while (true) {
    const rows = await database.transaction((tx) =>
      tx.execute<{ state: string; requests: string }>(
        sql`select * from expire_units(${at.toISOString()}::timestamptz, ${BATCH})`,
      ),
    );
    for (const { state, requests } of rows) ended[state === 'settled' ? 'lost' : 'expired'] += Number(requests);
    if (rows.length === 0) return ended;
  }
}
