import type { Transaction } from '../../../db/client.ts';
import type { Notifications } from '../../../platform/capabilities/outbox/index.ts';
import { changeDocument } from './change.ts';
import type { DocumentFailure } from './letters.ts';
import { notifyDocumentFailure } from './notify-failure.ts';
import { forgetPages } from './pages.ts';

/** After these, a retry continues after the pages that were read. */
const resumable: DocumentFailure[] = ['too-slow', 'unavailable'];

/** queued | processing → failed, and the uploader gets a letter, once for each job. */
export async function failDocument(
  tx: Transaction,
  notifications: Notifications,
  documentId: string,
  code: DocumentFailure,
  jobId: string,
): Promise<void> {
  const document = await changeDocument(tx, documentId, ['queued', 'processing'], { status: 'failed', failure: code });
  if (!resumable.includes(code)) await forgetPages(tx, documentId);
  if (document) await notifyDocumentFailure(tx, notifications, document, code, `${documentId}/${jobId}`);
}
