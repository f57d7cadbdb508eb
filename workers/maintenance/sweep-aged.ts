import { lt } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { notifications } from '../../db/schema/messages/notifications.ts';
import { rateBuckets } from '../../db/schema/platform/rate-buckets.ts';

const DAY_MS = 24 * 3_600_000;
/** As long as jobs that failed for good wait for somebody to look at them. */
const MAIL_DAYS = 90;
/** A bucket that no one took from for so long is full: no limit is counted in more than a minute. */
const BUCKET_MS = 3_600_000;

export interface SweptAged {
  mails: number;
  buckets: number;
}

/** Removes what no one looks at any more because of its age. */
export const sweepAged = (database: Database, now: Date): Promise<SweptAged> =>
  database.transaction(async (tx) => {
    const mails = await tx
      .delete(notifications)
      .where(lt(notifications.createdAt, new Date(now.getTime() - MAIL_DAYS * DAY_MS)))
      .returning({ id: notifications.id });
    const buckets = await tx
      .delete(rateBuckets)
      .where(lt(rateBuckets.at, new Date(now.getTime() - BUCKET_MS)))
      .returning({ key: rateBuckets.key });
    return { mails: mails.length, buckets: buckets.length };
  });
