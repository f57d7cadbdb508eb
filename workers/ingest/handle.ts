import type { Database } from '../../db/client.ts';
import type { AiProvider } from '../../platform/capabilities/ai/index.ts';
import { type DocumentFormat, type DocumentParser, ParseFailure } from '../../platform/capabilities/documents/index.ts';
import type { Notifications } from '../../platform/capabilities/notifications/index.ts';
import type { FileStorage } from '../../platform/capabilities/storage/index.ts';
import type { VectorStore } from '../../platform/capabilities/vectors/index.ts';
import type { Provided } from '../../platform/runtime/boot.ts';
import { ai } from '../../platform/runtime/providers/ai.ts';
import { database } from '../../platform/runtime/providers/database.ts';
import { documentParser } from '../../platform/runtime/providers/document-parser.ts';
import { notifications } from '../../platform/runtime/providers/notifications.ts';
import { storage } from '../../platform/runtime/providers/storage.ts';
import { vectors } from '../../platform/runtime/providers/vectors.ts';
import type { Delivery } from '../../platform/runtime/work-on-job.ts';
import { createDocumentRecord } from './document-record.ts';
import { indexChunks } from './index-chunks.ts';
import { ingestJob } from './job.ts';

export const provide = { database, storage, documentParser, vectors, ai, notifications };

export interface IngestDeps {
  database: Database;
  storage: FileStorage;
  documentParser: DocumentParser;
  vectors: VectorStore;
  ai: AiProvider;
  notifications: Notifications;
}

/**
 * queued | failed → processing → ready | failed. Each step replaces what an earlier attempt left, so a job that is delivered
 * again, after a crash at any point, ends in the same state.
 */
export async function handle(job: Delivery, deps: Provided<typeof provide> | IngestDeps): Promise<void> {
  const { organizationId, documentId } = ingestJob.parse(job.payload);
  const record = createDocumentRecord(deps, organizationId, documentId);
  // Done by an earlier delivery, or deleted: then an earlier one may have left vectors behind what erased them.
  const removeIfDeleted = async () => {
    if (!(await record.exists())) await deps.vectors.removeDocument(organizationId, documentId);
  };
  const document = await record.begin();
  if (!document) return removeIfDeleted();

  try {
    const file = await deps.storage.open(document.storageKey);
    const parsed = await deps.documentParser
      .parse(
        { path: file.path, format: document.format as DocumentFormat },
        { onProgress: record.progress, signal: job.signal },
      )
      .finally(() => file.release());
    job.signal.throwIfAborted();
    const chunks = await record.saveText(parsed);
    await indexChunks(deps, { organizationId, document, parsed, chunks, signal: job.signal });
    if (!(await record.ready(parsed))) await removeIfDeleted();
  } catch (error) {
    if (error instanceof ParseFailure) {
      // The file will not get better: no retry, and the job itself is done.
      job.log.info({ failure: error.code }, 'Document cannot be read');
      await record.fail(error.code, job.id);
      return;
    }
    if (job.lastAttempt) await record.fail('unavailable', job.id);
    throw error;
  }
}
