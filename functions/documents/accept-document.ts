import { eq, sql } from 'drizzle-orm';
import type { Database, Transaction } from '../../db/client.ts';
import { documents } from '../../db/schema/documents.ts';
import type { Caller } from '../../platform/capabilities/identity/index.ts';
import { lockPlan, reserveDocument } from '../../platform/capabilities/limits/index.ts';
import type { Queue } from '../../platform/capabilities/queue/index.ts';
import type { FileStorage } from '../../platform/capabilities/storage/index.ts';
import { recordUsage } from '../../platform/capabilities/usage/index.ts';
import { enqueueIngest } from '../../workers/ingest/job.ts';
import type { DocumentRow } from './document.ts';
import type { ReceivedFile } from './receive-file.ts';

type Accepted = Pick<DocumentRow, 'id' | 'status'>;

/**
 * Takes a stored file in: row, room in the plan, usage and job in one transaction, or nothing. Content that the
 * organization has already leads to the document that is there; if that one failed it is tried again.
 * @throws Problem plan-limit-reached
 */
export async function acceptDocument(
  { database, storage, queue }: { database: Database; storage: FileStorage; queue: Queue },
  caller: Caller,
  file: ReceivedFile,
): Promise<Accepted> {
  const { organizationId, userId } = caller;
  let kept = false;
  try {
    const accepted = await database.tenant(organizationId, async (tx) => {
      // Holding the organization's row, so that the same file sent twice at once is seen as the same.
      await lockPlan(tx, organizationId);
      const earlier = await sameContent(tx, queue, organizationId, file.sha256);
      if (earlier) return { ...earlier, isNew: false };
      await reserveDocument(tx, organizationId, file.bytes);
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
      return { ...pick(row), isNew: true };
    });
    kept = accepted.isNew;
    return { id: accepted.id, status: accepted.status };
  } finally {
    if (!kept) await storage.remove(file.storageKey);
  }
}

async function sameContent(
  tx: Transaction,
  queue: Queue,
  organizationId: string,
  sha256: string,
): Promise<Accepted | undefined> {
  const [existing] = await tx.select().from(documents).where(eq(documents.sha256, sha256));
  if (!existing) return undefined;
  return existing.status === 'failed' ? requeue(tx, queue, organizationId, existing.id) : pick(existing);
}

/** failed → queued, with a new job. */
export async function requeue(tx: Transaction, queue: Queue, organizationId: string, id: string): Promise<Accepted> {
  const [row] = await tx
    .update(documents)
    .set({ status: 'queued', failure: null, pagesDone: 0, pagesTotal: 0, updatedAt: sql`now()` })
    .where(eq(documents.id, id))
    .returning();
  if (!row) throw new Error('Requeue document: the row is gone');
  await enqueueIngest(queue, tx, { organizationId, documentId: id });
  return pick(row);
}

const pick = ({ id, status }: DocumentRow): Accepted => ({ id, status });
