import { and, eq, isNull, lt, not, sql } from 'drizzle-orm';
import type { Database, Transaction } from '../../db/client.ts';
import { images } from '../../db/schema/pictures/images.ts';
import type { Queue } from '../../platform/capabilities/queue/index.ts';
import { hasPendingJob } from '../../platform/capabilities/queue/pgboss/has-job.ts';
import { endImage } from './generations/change-image.ts';
import { generationJob } from './jobs.ts';

export interface WatchedPictures {
  /** Generations that got another job. */
  resumed: number;
  /** Those that no worker began in time. */
  expired: number;
}

/** Of one look. */
const MOST = 500;

/**
 * Ends generations that waited too long for their turn, and gives those another job that have none. A row and its job change in one
 * transaction; what was added a moment ago is left alone all the same. Doing it twice does nothing twice.
 */
export const watchPictures = (
  { database, queue, imageWaitSeconds }: { database: Database; queue: Queue; imageWaitSeconds: number },
  now: Date,
): Promise<WatchedPictures> =>
  database.transaction(async (tx) => {
    const expired = await expire(tx, new Date(now.getTime() - imageWaitSeconds * 1000));
    const lost = await tx
      .select({ imageId: images.id, organizationId: images.organizationId })
      .from(images)
      .where(
        and(
          isNull(images.endedAt),
          lt(images.createdAt, sql`now() - interval '10 seconds'`),
          not(hasPendingJob(generationJob, { imageId: images.id })),
        ),
      )
      .limit(MOST);
    for (const one of lost) await queue.send(tx, generationJob, one);
    return { resumed: lost.length, expired };
  });

async function expire(tx: Transaction, before: Date): Promise<number> {
  const rows = await tx
    .select()
    .from(images)
    .where(and(isNull(images.endedAt), eq(images.status, 'queued'), lt(images.createdAt, before)))
    // In the order in which organizations are locked.
    .orderBy(images.organizationId, images.id)
    .limit(MOST)
    .for('update', { skipLocked: true });
  for (const row of rows) await endImage(tx, row, { status: 'expired' });
  return rows.length;
}
