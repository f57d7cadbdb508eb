import { comparer } from '../../modules/legal/compare/provide-comparer.ts';
import { tokens } from '../../modules/people/identity/provide-tokens.ts';
import type { Provided } from '../../platform/runtime/boot.ts';
import { createProtectedRouter } from '../../platform/runtime/http/router.ts';
import { database } from '../../platform/runtime/providers/database.ts';
import { feed } from '../../platform/runtime/providers/feed.ts';
import { idempotency } from '../../platform/runtime/providers/idempotency.ts';
import { notifications } from '../../platform/runtime/providers/notifications.ts';
import { partialUploads } from '../../platform/runtime/providers/partial-uploads.ts';
import { queue } from '../../platform/runtime/providers/queue.ts';
import { storage } from '../../platform/runtime/providers/storage.ts';
import { compareDocuments } from './comparison/compare-documents.ts';
import { exportComparison } from './comparison/export-comparison.ts';
import { continueUpload } from './routes/continue-upload.ts';
import { createUpload } from './routes/create-upload.ts';
import { deleteDocument } from './routes/delete-document.ts';
import { deleteUpload } from './routes/delete-upload.ts';
import { downloadContent } from './routes/download-content.ts';
import { followDocument } from './routes/follow-document.ts';
import { followDocuments } from './routes/follow-documents.ts';
import { getDocument } from './routes/get-document.ts';
import { getText } from './routes/get-text.ts';
import { getUpload } from './routes/get-upload.ts';
import { listDocuments } from './routes/list-documents.ts';
import { readPages } from './routes/read-pages.ts';
import { retryDocument } from './routes/retry-document.ts';
import { uploadDocument } from './routes/upload-document.ts';
import { uploadVersion } from './routes/upload-version.ts';

export const provide = { tokens, comparer, database, feed, idempotency, notifications, partialUploads, queue, storage };

export function createApp(deps: Provided<typeof provide>) {
  const router = createProtectedRouter(deps.tokens, { scope: { read: 'documents:read', write: 'documents:write' } });
  uploadDocument(router, deps);
  listDocuments(router, deps);
  // Before what takes any id in the place of its last word.
  followDocuments(router, deps);
  getDocument(router, deps);
  followDocument(router, deps);
  downloadContent(router, deps);
  getText(router, deps);
  readPages(router, deps);
  compareDocuments(router, deps);
  exportComparison(router, deps);
  retryDocument(router, deps);
  deleteDocument(router, deps);
  uploadVersion(router, deps);
  createUpload(router, deps);
  getUpload(router, deps);
  continueUpload(router, deps);
  deleteUpload(router, deps);
  return router;
}
