import type { Transaction } from '../../../db/client.ts';
import type { Queue } from '../../../platform/capabilities/queue/index.ts';
import { changeDocument, type DocumentRef, type DocumentRow } from './change.ts';
import { ingestJob } from './jobs.ts';
import { requireReplaceable } from './replace.ts';

/**
 * failed → queued, with a new job. The organization's row must be locked (`lockPlan`).
 * @returns undefined, with nothing done, in any other state
 * @throws Problem what `requireReplaceable` throws, for a version of a document that can no longer be replaced
 */
export async function requeueDocument(
  tx: Transaction,
  queue: Queue,
  { organizationId, documentId }: DocumentRef,
  changes: Partial<Pick<DocumentRow, 'replaces' | 'version'>> = {},
): Promise<DocumentRow | undefined> {
  const row = await changeDocument(tx, documentId, ['failed'], {
    ...changes,
    status: 'queued',
    failure: null,
    pagesDone: 0,
    pagesTotal: 0,
  });
  if (!row) return undefined;
  if (row.replaces !== null) await requireReplaceable(tx, row.replaces, documentId);
  await queue.send(tx, ingestJob, { organizationId, documentId });
  return row;
}
