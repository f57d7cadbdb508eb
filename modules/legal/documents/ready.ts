import type { Transaction } from '../../../db/client.ts';
import { lockPlan } from '../../commerce/metering/index.ts';
import { advanceDocumentsVersion } from '../../people/organizations/advance-documents-version.ts';
import { holdLiveGeneration } from '../index/index.ts';
import { changeDocument, type DocumentRef } from './change.ts';
import { replaceDocument } from './replace.ts';

/**
 * processing → ready, and the document that it replaces is `replaced` from the same moment on.
 * @returns `behind`: another index generation is live than the one that holds it; `over`: it is no longer being processed,
 *   for instance because it was deleted
 */
export async function readyDocument(
  tx: Transaction,
  { organizationId, documentId }: DocumentRef,
  generation: number,
): Promise<'ready' | 'behind' | 'over'> {
  if ((await holdLiveGeneration(tx)) !== generation) return 'behind';
  await lockPlan(tx, organizationId);
  const row = await changeDocument(tx, documentId, ['processing'], { status: 'ready' });
  if (!row) return 'over';
  await replaceDocument(tx, row);
  await advanceDocumentsVersion(tx, organizationId);
  return 'ready';
}
