import { and, inArray, isNotNull, lt, not, sql } from 'drizzle-orm';
import type { Database, Transaction } from '../../../db/client.ts';
import { documents } from '../../../db/schema/legal/documents.ts';
import type { Notifications } from '../../../platform/capabilities/outbox/index.ts';
import type { Queue } from '../../../platform/capabilities/queue/index.ts';
import { hadJob, hasPendingJob } from '../../../platform/capabilities/queue/pgboss/has-job.ts';
import { announceDocument } from './change.ts';
import { ingestJob } from './jobs.ts';
import { notifyDocumentFailure } from './notify-failure.ts';
import { stalledSince } from './stalled.ts';

export interface Watched {
  /** Documents whose job was nowhere any more and that got another one. */
  requeued: number;
  /** Documents whose job has come to its end without them, for instance because its worker was killed at every attempt. */
  failed: number;
  /** Documents that are being read and have not moved for a minute. */
  stalled: { id: string; since: Date }[];
}

interface WatchDeps {
  database: Database;
  queue: Queue;
  notifications: Notifications;
}

/** Named in the log, at most. */
const MOST_STALLED = 100;

const itsJob = { documentId: documents.id };

/**
 * Finds documents that wait in vain. A row and its job change in one transaction, so that neither is seen without the other; what
 * changed a moment ago is left alone all the same.
 * Doing it twice does nothing twice.
 */
export const watchDocuments = ({ database, queue, notifications }: WatchDeps): Promise<Watched> =>
  database.transaction(async (tx) => {
    const waiting = and(
      inArray(documents.status, ['queued', 'processing']),
      lt(documents.updatedAt, sql`now() - interval '10 seconds'`),
      not(hasPendingJob(ingestJob, itsJob)),
    );
    const failed = await tx
      .update(documents)
      .set({ status: 'failed', failure: 'crashed', updatedAt: sql`now()` })
      .where(and(waiting, hadJob(ingestJob, itsJob)))
      .returning();
    for (const document of failed) {
      await announceDocument(tx, document);
      const at = document.updatedAt.toISOString();
      await notifyDocumentFailure(tx, notifications, document, 'crashed', `${document.id}/${at}`);
    }
    const requeued = await tx
      .update(documents)
      .set({ status: 'queued', updatedAt: sql`now()` })
      .where(waiting)
      .returning();
    for (const document of requeued) {
      await announceDocument(tx, document);
      const { id: documentId, organizationId } = document;
      await queue.send(tx, ingestJob, { organizationId, documentId });
    }
    return { requeued: requeued.length, failed: failed.length, stalled: await findStalled(tx) };
  });

async function findStalled(tx: Transaction): Promise<Watched['stalled']> {
  const rows = await tx
    .select({ id: documents.id, since: stalledSince })
    .from(documents)
    .where(and(inArray(documents.status, ['processing']), isNotNull(stalledSince)))
    .limit(MOST_STALLED);
  return rows.map(({ id, since }) => ({ id, since: since as Date }));
}
