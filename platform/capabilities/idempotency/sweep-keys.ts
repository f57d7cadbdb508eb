import { lt } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { daysBefore } from '../../../db/remove-before.ts';
import { idempotencyKeys } from '../../../db/schema/platform/idempotency-keys.ts';

/** Removes keys after a day, with the results stored under them. @returns rows */
export const sweepIdempotencyKeys = (database: Database, now: Date): Promise<number> =>
  database.transaction(async (tx) => {
    const gone = await tx
      .delete(idempotencyKeys)
      .where(lt(idempotencyKeys.createdAt, daysBefore(now, 1) as Date))
      .returning({ key: idempotencyKeys.key });
    return gone.length;
  });
