import { eq } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { documents } from '../../../db/schema/legal/documents.ts';
import type { Queue } from '../../../platform/capabilities/queue/index.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { notFound } from '../../../platform/kernel/problems.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';
import { lockPlan, releaseDocument } from '../../commerce/metering/index.ts';
import { advanceDocumentsVersion } from '../../people/organizations/advance-documents-version.ts';
import { recordAct } from '../../people/record-act.ts';
import { announceDocument } from './change.ts';
import { eraseDocumentJob } from './jobs.ts';

/** Who deletes a document: a person, a program with a key, or the platform for a reason. */
interface Deletion {
  organizationId: string;
  actorId?: string;
  keyId?: string | undefined;
  reason?: 'retention';
}

/** Deletes a document with its text and chunks; a job removes it from the index and marks its file. @throws Problem not-found */
export async function deleteDocument(
  tx: Transaction,
  queue: Queue,
  { organizationId, userId: actorId, keyId }: Caller,
  id: string,
): Promise<void> {
  if (!(await removeDocument(tx, queue, { organizationId, actorId, keyId }, id))) throw new Problem(notFound);
}

/** The same; false for one that is gone. */
export async function removeDocument(
  tx: Transaction,
  queue: Queue,
  { organizationId, actorId, keyId, reason }: Deletion,
  id: string,
): Promise<boolean> {
  await lockPlan(tx, organizationId);
  const [deleted] = await tx.delete(documents).where(eq(documents.id, id)).returning();
  if (!deleted) return false;
  const { title, bytes, storageKey } = deleted;
  const act = { action: 'delete-document', target: id, details: { title, bytes, ...(reason && { reason }) } };
  await recordAct(tx, { organizationId, actorId: actorId ?? null, keyId, ...act });
  // Newer versions that name it stand by themselves.
  await tx.update(documents).set({ replaces: null }).where(eq(documents.replaces, id));
  await releaseDocument(tx, organizationId, bytes);
  await advanceDocumentsVersion(tx, organizationId);
  await announceDocument(tx, deleted);
  await queue.send(tx, eraseDocumentJob, { kind: 'erase-document', organizationId, documentId: id, storageKey });
  return true;
}

/** Removes the row of a document whose organization is being erased, with all that refers to it. */
export const eraseDocumentRow = (tx: Transaction, id: string) => tx.delete(documents).where(eq(documents.id, id));
