import { and, eq, isNull, lt, not, notInArray, or, sql } from 'drizzle-orm';
import type { Database } from '../../../../db/client.ts';
import { followedImages } from '../../../../db/schema/bots/followed-images.ts';
import { images } from '../../../../db/schema/pictures/images.ts';
import type { Queue } from '../../../../platform/capabilities/queue/index.ts';
import { hasPendingJob } from '../../../../platform/capabilities/queue/pgboss/has-job.ts';
import { ends } from '../../../pictures/generation-state.ts';
import { followJob } from './follow-job.ts';

/** Of one look. */
const MOST = 500;

/**
 * Gives generations another job that a person waits for and none follows. One that ended without a picture is followed no more once that
 * was told, until a late picture changes its status.
 * @returns how many
 */
export const resumeFollowed = ({ database, queue }: { database: Database; queue: Queue }): Promise<number> =>
  database.transaction(async (tx) => {
    const { organizationId, imageId } = followedImages;
    const isLost = not(hasPendingJob(followJob, { imageId }));
    const isOld = lt(followedImages.saidAt, sql`now() - interval '30 seconds'`);
    const isUntold = or(sql`${images.status} <> ${followedImages.status}`, notInArray(images.status, [...ends]));
    const lost = await tx
      .select({ organizationId, imageId })
      .from(followedImages)
      .innerJoin(images, eq(images.id, imageId))
      .where(and(isNull(followedImages.deliveredAt), isOld, isUntold, isLost))
      .limit(MOST);
    for (const one of lost)
      await queue.send(tx, followJob, { kind: 'image', ...one }, { singleton: `image:${one.imageId}` });
    return lost.length;
  });
