import { and, inArray, lt, sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { removeBefore } from '../../../db/remove-before.ts';
import { tokenCounters } from '../../../db/schema/commerce/token-counters.ts';
import { usageLogs } from '../../../db/schema/commerce/usage-logs.ts';
import { usageReservations } from '../../../db/schema/commerce/usage-reservations.ts';
import { expireUnits } from './expire-units.ts';

const HOUR_MS = 3_600_000;
/** As long as an Idempotency-Key is remembered, a retry under it continues with its reservation. */
const RESERVATION_HOURS = 24;
const MINUTE_HOURS = 1;

export interface SweptUsage {
  /** Questions given back that no provider was called for. */
  expired: number;
  /** Questions whose process ended while a provider answered; charged with what was reserved. */
  lost: number;
  reservations: number;
  minutes: number;
  /** Entries of the usage log. */
  usage: number;
}

/**
 * Ends the questions that no one ended, and forgets what no limit looks at any more.
 * @param usageSince the first month of which the usage log is kept; undefined keeps all
 */
export async function sweepUsage(database: Database, usageSince: Date | undefined, now: Date): Promise<SweptUsage> {
  const before = (hours: number) => new Date(now.getTime() - hours * HOUR_MS);
  const ended = await expireUnits(database, now);
  const reservations = await database.transaction((tx) =>
    tx
      .delete(usageReservations)
      .where(
        and(
          inArray(usageReservations.state, ['settled', 'released', 'expired']),
          lt(usageReservations.createdAt, before(RESERVATION_HOURS)),
        ),
      )
      .returning({ id: usageReservations.requestId }),
  );
  const minutes = await database.transaction((tx) =>
    tx
      .delete(tokenCounters)
      .where(lt(tokenCounters.minute, before(MINUTE_HOURS)))
      .returning({ at: tokenCounters.minute }),
  );
  await database.transaction((tx) => tx.execute(sql`select expire_credits(${now.toISOString()}::timestamptz)`));
  const usage = await removeBefore(database, usageLogs, usageLogs.createdAt, usageSince);
  return { ...ended, reservations: reservations.length, minutes: minutes.length, usage };
}
