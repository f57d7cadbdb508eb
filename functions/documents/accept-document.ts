import { and, eq, sql } from 'drizzle-orm';
import type { Database, Transaction } from '../../db/client.ts';
import { documents } from '../../db/schema/documents.ts';
import type { Keep } from '../../platform/capabilities/idempotency/index.ts';
import type { Caller } from '../../platform/capabilities/identity/index.ts';
import { lockPlan, reserveDocument, tellLimit } from '../../platform/capabilities/limits/index.ts';
import type { Notifications } from '../../platform/capabilities/notifications/index.ts';
import type { Queue } from '../../platform/capabilities/queue/index.ts';
import type { FileStorage } from '../../platform/capabilities/storage/index.ts';
import { recordUsage } from '../../platform/capabilities/usage/index.ts';
import { enqueueIngest } from '../../workers/ingest/job.ts';
import type { DocumentRow } from './document.ts';
import type { ReceivedFile } from './receive-file.ts';

export type Accepted = Pick<DocumentRow, 'id' | 'status'>;

export interface AcceptDeps {
  database: Database;
  storage: FileStorage;
  queue: Queue;
  notifications: Notifications;
}

/**
 * Takes a stored file in: row, room in the plan, usage, job and the result to keep in one transaction, or nothing. Content that the
 * organization has already leads to the document that is there; if that one failed it is tried again.
 * @throws Problem plan-limit-reached
 */
export async function acceptDocument(
  { database, storage, queue, notifications }: AcceptDeps,
  caller: Caller,
  file: ReceivedFile,
  keep: Keep<Accepted>,
): Promise<Accepted> {
  const { organizationId, userId } = caller;
  let fileTaken = false;
  try {
    const { isNew, ...accepted } = await database.tenant(organizationId, async (tx) => {
      // Holding the organization's row, so that the same file sent twice at once is seen as the same.
      await lockPlan(tx, organizationId);
      const earlier = await sameContent(tx, queue, organizationId, file.sha256);
      if (earlier) {
        await keep(tx, earlier);
        return { ...earlier, isNew: false };
      }
      const { plan, used } = await reserveDocument(tx, organizationId, file.bytes);
      const [row] = await tx
        .insert(documents)
        .values({
          organizationId,
          title: file.fileName.replace(/\.[^.]{1,5}$/, ''),
          fileName: file.fileName,
          format: file.format,
          bytes: file.bytes,
          sha256: file.sha256,
          storageKey: file.storageKey,
          createdBy: userId,
        })
        .returning();
      if (!row) throw new Error('Accept document: no row came back');
      await recordUsage(tx, caller, { action: 'document_upload', metadata: { documentId: row.id, bytes: file.bytes } });
      await enqueueIngest(queue, tx, { organizationId, documentId: row.id });
      for (const state of [
        { what: 'documents' as const, used: used.documents, limit: plan.documents },
        { what: 'storage' as const, used: used.storageBytes, limit: plan.storageBytes },
      ]) {
        await tellLimit(tx, notifications, organizationId, state);
      }
      await keep(tx, pick(row));
      return { ...pick(row), isNew: true };
    });
    fileTaken = isNew;
    return accepted;
  } finally {
    if (!fileTaken) await storage.remove(file.storageKey);
  }
}

async function sameContent(
  tx: Transaction,
  queue: Queue,
  organizationId: string,
  sha256: string,
): Promise<Accepted | undefined> {
  const [existing] = await tx.select().from(documents).where(eq(documents.sha256, sha256));
  if (existing?.status !== 'failed') return existing && pick(existing);
  // When another request has had it read again or deleted meanwhile, what that left is what is there.
  return (
    (await requeue(tx, queue, organizationId, existing.id)) ?? (await sameContent(tx, queue, organizationId, sha256))
  );
}

/** failed → queued, with a new job; `undefined`, and nothing done, in any other state. */
export async function requeue(
  tx: Transaction,
  queue: Queue,
  organizationId: string,
  id: string,
): Promise<Accepted | undefined> {
  const [row] = await tx
    .update(documents)
    .set({ status: 'queued', failure: null, pagesDone: 0, pagesTotal: 0, updatedAt: sql`now()` })
    .where(and(eq(documents.id, id), eq(documents.status, 'failed')))
    .returning();
  if (!row) return undefined;
  await enqueueIngest(queue, tx, { organizationId, documentId: id });
  return pick(row);
}

const pick = ({ id, status }: DocumentRow): Accepted => ({ id, status });
