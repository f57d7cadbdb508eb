import type { Transaction } from '../../../db/client.ts';
import { changeDocument, type DocumentRow } from './change.ts';

/**
 * queued → processing. One that is processing belongs to an attempt that was cut off; one that failed comes back when an operator
 * has its job done after all.
 * @returns undefined when there is nothing to do, or no document any more
 */
export const beginDocument = (tx: Transaction, id: string): Promise<DocumentRow | undefined> =>
  changeDocument(tx, id, ['queued', 'processing', 'failed'], { status: 'processing', failure: null });
