import { and, eq, ne } from 'drizzle-orm';
import type { Database, Transaction } from '../../../db/client.ts';
import { CommitUnknown } from '../../../db/pool.ts';
import { documents } from '../../../db/schema/legal/documents.ts';
import type { Keep } from '../../../platform/capabilities/idempotency/index.ts';
import type { Notifications } from '../../../platform/capabilities/outbox/index.ts';
import type { Queue } from '../../../platform/capabilities/queue/index.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';
import { lockPlan, type Plan, recordUsage, reserveDocument, tellLimit } from '../../commerce/metering/index.ts';
import { planLimitReached } from '../../commerce/problems.ts';
import { recordAct } from '../../people/record-act.ts';
import { contentTaken, emptyFile, unsupportedDocument, versionPending, wrongState } from '../problems.ts';
import { announceDocument, type DocumentRow } from './change.ts';
import type { ReceivedFile } from './files/receive.ts';
import { ingestJob } from './jobs.ts';
import { requireReplaceable } from './replace.ts';
import { requeueDocument } from './requeue.ts';

/** What every operation may refuse with at whose end a file is stored and accepted. */
export const acceptingProblems = [
  emptyFile,
  planLimitReached,
  wrongState,
  versionPending,
  contentTaken,
  unsupportedDocument,
];

export interface Accepted extends Pick<DocumentRow, 'id' | 'status'> {
  /** The organization had this content already, and this is the document that was there. */
  duplicate: boolean;
}

export interface AcceptDeps {
  database: Database;
  queue: Queue;
  notifications: Notifications;
}

export interface Acceptance {
  /** Stores the result in the same transaction. */
  keep?: Keep<Accepted>;
  /** The document that this one is a new version of. */
  replaces?: string | undefined;
}

/**
 * Accepts a received file: row, room in the plan, usage, job and the result to keep in one transaction, or nothing. The file is kept
 * when it has become a document, and when that is unknown: `maintenance` lists it if no row has it. Content that the organization has
 * already leads to the document that is there; if that one failed it is tried again.
 * @throws Problem plan-limit-reached; for a version also what `requireReplaceable` throws, and content-taken
 */
export async function acceptDocument(
  { database, queue, notifications }: AcceptDeps,
  caller: Caller,
  file: ReceivedFile,
  { keep = async () => {}, replaces }: Acceptance,
): Promise<Accepted> {
  const { organizationId } = caller;
  const accepting = database.tenant(organizationId, async (tx) => {
    // Locked, so that the same file sent twice at once is seen as the same.
    const plan = await lockPlan(tx, organizationId);
    const earlier = await sameContent(tx, queue, organizationId, file.sha256, replaces);
    const { id, status } = earlier ?? (await addDocument({ tx, queue, notifications, plan }, caller, file, replaces));
    const result = { id, status, duplicate: earlier !== undefined };
    await keep(tx, result);
    return result;
  });
  const accepted = await accepting.catch((error: unknown) => {
    if (error instanceof CommitUnknown) file.keep();
    throw error;
  });
  if (!accepted.duplicate) file.keep();
  return accepted;
}

interface AddDeps extends Omit<AcceptDeps, 'database'> {
  tx: Transaction;
  plan: Plan;
}

async function addDocument(
  { tx, queue, notifications, plan }: AddDeps,
  caller: Caller,
  file: ReceivedFile,
  replaces: string | undefined,
): Promise<DocumentRow> {
  const { organizationId, userId, keyId } = caller;
  const { fileName, format, bytes, sha256, storageKey } = file;
  const current = replaces === undefined ? undefined : await requireReplaceable(tx, replaces);
  const { used } = await reserveDocument(tx, organizationId, { plan, bytes, isVersion: current !== undefined });
  const [row] = await tx
    .insert(documents)
    .values({
      organizationId,
      title: fileName.replace(/\.[^.]{1,5}$/, ''),
      fileName,
      format,
      bytes,
      sha256,
      storageKey,
      createdBy: userId,
      ...(current && { replaces: current.id, version: current.version + 1 }),
    })
    .returning();
  if (!row) throw new Error('Accept document: no row came back');
  await recordAct(tx, {
    organizationId,
    actorId: userId,
    keyId,
    action: current ? 'replace-document' : 'upload-document',
    target: row.id,
    details: { title: row.title, bytes, ...(current && { replaces: current.id }) },
  });
  await recordUsage(tx, caller, { action: 'document_upload', metadata: { documentId: row.id, bytes } });
  await queue.send(tx, ingestJob, { organizationId, documentId: row.id });
  await announceDocument(tx, row);
  for (const state of [
    { what: 'documents' as const, used: used.documents, limit: plan.documents },
    { what: 'storage' as const, used: used.storageBytes, limit: plan.storageBytes },
  ]) {
    await tellLimit(tx, notifications, organizationId, state);
  }
  return row;
}

/** The document with this content, replaced ones left out. One that failed is queued again, as the version that it is now sent as. */
async function sameContent(
  tx: Transaction,
  queue: Queue,
  organizationId: string,
  sha256: string,
  replaces: string | undefined,
): Promise<DocumentRow | undefined> {
  const [existing] = await tx
    .select()
    .from(documents)
    .where(and(eq(documents.sha256, sha256), ne(documents.status, 'replaced')));
  if (!existing) return undefined;
  if (existing.status === 'failed') {
    const asVersion = replaces === undefined || replaces === existing.replaces ? {} : await versionOf(tx, replaces);
    // The platform's watch or an erasure, which take no lock, may have changed it; then what is there now counts.
    return (
      (await requeueDocument(tx, queue, { organizationId, documentId: existing.id }, asVersion)) ??
      (await sameContent(tx, queue, organizationId, sha256, replaces))
    );
  }
  if (replaces !== undefined && existing.id !== replaces && existing.replaces !== replaces) {
    await requireReplaceable(tx, replaces);
    throw new Problem(contentTaken, { parameters: { documentId: existing.id } });
  }
  return existing;
}

async function versionOf(tx: Transaction, id: string): Promise<Pick<DocumentRow, 'replaces' | 'version'>> {
  const { version } = await requireReplaceable(tx, id);
  return { replaces: id, version: version + 1 };
}
