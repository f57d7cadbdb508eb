import { and, eq, ne, sql } from 'drizzle-orm';
import type { Database, Transaction } from '../../db/client.ts';
import { documents } from '../../db/schema/legal/documents.ts';
import { lockPlan, recordUsage, reserveDocument, tellLimit } from '../../modules/commerce/metering/index.ts';
import { ingestJob } from '../../modules/legal/documents/jobs.ts';
import { requireReplaceable } from '../../modules/legal/documents/versions.ts';
import { recordAct } from '../../modules/people/record-act.ts';
import type { Keep } from '../../platform/capabilities/idempotency/index.ts';
import type { Notifications } from '../../platform/capabilities/outbox/index.ts';
import type { Queue } from '../../platform/capabilities/queue/index.ts';
import type { FileStorage } from '../../platform/capabilities/storage/index.ts';
import { Problem, type ProblemName } from '../../platform/kernel/problem.ts';
import type { Caller } from '../../platform/runtime/http/caller.ts';
import type { DocumentRow } from './document.ts';
import type { ReceivedFile } from './store-file.ts';

/** What every operation may refuse with at whose end a file is stored and accepted. */
export const acceptingProblems = [
  'empty-file',
  'plan-limit-reached',
  'wrong-state',
  'version-pending',
  'content-taken',
  'unsupported-document',
] as const satisfies ProblemName[];

export type Requeued = Pick<DocumentRow, 'id' | 'status'>;
export interface Accepted extends Requeued {
  /** The organization had this content already, and this is the document that was there. */
  duplicate: boolean;
}

export interface AcceptDeps {
  database: Database;
  storage: FileStorage;
  queue: Queue;
  notifications: Notifications;
}

export interface Acceptance {
  /** Stores what it came to in the same transaction. */
  keep?: Keep<Accepted>;
  /** The document that this one is a new version of. */
  replaces?: string | undefined;
}

/**
 * Takes a stored file in: row, room in the plan, usage, job and the result to keep in one transaction, or nothing. Content that the
 * organization has already leads to the document that is there; if that one failed it is tried again.
 * @throws Problem plan-limit-reached; for a version also what `requireReplaceable` throws, and content-taken
 */
export async function acceptDocument(
  { database, storage, queue, notifications }: AcceptDeps,
  caller: Caller,
  file: ReceivedFile,
  { keep = async () => {}, replaces }: Acceptance,
): Promise<Accepted> {
  const { organizationId, userId } = caller;
  let fileTaken = false;
  try {
    const { isNew, ...accepted } = await database.tenant(organizationId, async (tx) => {
      // Holding the organization's row, so that the same file sent twice at once is seen as the same.
      await lockPlan(tx, organizationId);
      const earlier = await sameContent(tx, queue, organizationId, file.sha256, replaces);
      if (earlier) {
        const duplicate = { ...earlier, duplicate: true };
        await keep(tx, duplicate);
        return { ...duplicate, isNew: false };
      }
      const current = replaces === undefined ? undefined : await requireReplaceable(tx, replaces);
      const room = { bytes: file.bytes, isVersion: current !== undefined };
      const { plan, used } = await reserveDocument(tx, organizationId, room);
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
          ...(current && { replaces: current.id, version: current.version + 1 }),
        })
        .returning();
      if (!row) throw new Error('Accept document: no row came back');
      await recordAct(tx, {
        ...{ organizationId, actorId: userId, keyId: caller.keyId, target: row.id },
        action: current ? 'replace-document' : 'upload-document',
        details: { title: row.title, bytes: row.bytes, ...(current && { replaces: current.id }) },
      });
      await recordUsage(tx, caller, { action: 'document_upload', metadata: { documentId: row.id, bytes: file.bytes } });
      await queue.send(tx, ingestJob, { organizationId, documentId: row.id });
      for (const state of [
        { what: 'documents' as const, used: used.documents, limit: plan.documents },
        { what: 'storage' as const, used: used.storageBytes, limit: plan.storageBytes },
      ]) {
        await tellLimit(tx, notifications, organizationId, state);
      }
      const fresh = { ...pick(row), duplicate: false };
      await keep(tx, fresh);
      return { ...fresh, isNew: true };
    });
    fileTaken = isNew;
    return accepted;
  } finally {
    if (!fileTaken) await storage.remove(file.storageKey);
  }
}

/** The document with this content, replaced ones left out. One that failed is queued again, as the version that it is now sent as. */
async function sameContent(
  tx: Transaction,
  queue: Queue,
  organizationId: string,
  sha256: string,
  replaces: string | undefined,
): Promise<Requeued | undefined> {
  const [existing] = await tx
    .select()
    .from(documents)
    .where(and(eq(documents.sha256, sha256), ne(documents.status, 'replaced')));
  if (!existing) return undefined;
  if (existing.status === 'failed') {
    const asVersion = replaces === undefined || replaces === existing.replaces ? {} : await versionOf(tx, replaces);
    // When another request has had it read again or deleted meanwhile, what that left is what is there.
    return (
      (await requeue(tx, queue, organizationId, existing.id, asVersion)) ??
      (await sameContent(tx, queue, organizationId, sha256, replaces))
    );
  }
  if (replaces !== undefined && existing.id !== replaces && existing.replaces !== replaces) {
    await requireReplaceable(tx, replaces);
    throw new Problem('content-taken', { parameters: { documentId: existing.id } });
  }
  return pick(existing);
}

async function versionOf(tx: Transaction, id: string): Promise<Pick<DocumentRow, 'replaces' | 'version'>> {
  const { version } = await requireReplaceable(tx, id);
  return { replaces: id, version: version + 1 };
}

/**
 * failed → queued, with a new job; `undefined`, and nothing done, in any other state. The organization's row must be locked.
 * @throws Problem what `requireReplaceable` throws, for a version of a document that is not there to be replaced any more
 */
export async function requeue(
  tx: Transaction,
  queue: Queue,
  organizationId: string,
  id: string,
  changes: Partial<Pick<DocumentRow, 'replaces' | 'version'>> = {},
): Promise<Requeued | undefined> {
  const [row] = await tx
    .update(documents)
    .set({ ...changes, status: 'queued', failure: null, pagesDone: 0, pagesTotal: 0, updatedAt: sql`now()` })
    .where(and(eq(documents.id, id), eq(documents.status, 'failed')))
    .returning();
  if (!row) return undefined;
  if (row.replaces !== null) await requireReplaceable(tx, row.replaces, id);
  await queue.send(tx, ingestJob, { organizationId, documentId: id });
  return pick(row);
}

const pick = ({ id, status }: DocumentRow): Requeued => ({ id, status });
