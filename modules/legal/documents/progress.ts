import type { Transaction } from '../../../db/client.ts';
import type { ParseProgress } from '../reading/index.ts';
import { changeDocument } from './change.ts';

/** Shows how many pages of a document that is being processed were read. */
export async function showProgress(
  tx: Transaction,
  id: string,
  { pagesDone, pagesTotal }: ParseProgress,
): Promise<void> {
  await changeDocument(tx, id, ['processing'], { pagesDone, pagesTotal });
}
