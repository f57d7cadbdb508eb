import type { Database } from '../../db/client.ts';
import { ingestJob } from '../../modules/legal/documents/jobs.ts';
import { type Indexes, indexDocument } from '../../modules/legal/index/index.ts';
import { indexes } from '../../modules/legal/index/provide-indexes.ts';
import { vectors } from '../../modules/legal/index/provide-vectors.ts';
import type { VectorStore } from '../../modules/legal/index/vectors/index.ts';
import {
  type DocumentFormat,
  type DocumentParser,
  ParseFailure,
  type TextCutter,
} from '../../modules/legal/reading/index.ts';
import { documentParser } from '../../modules/legal/reading/process/provide-document-parser.ts';
import { textCutter } from '../../modules/legal/reading/process/provide-text-cutter.ts';
import type { Notifications } from '../../platform/capabilities/outbox/index.ts';
import { FileMissing, type FileStorage } from '../../platform/capabilities/storage/index.ts';
import { database } from '../../platform/runtime/providers/database.ts';
import { notifications } from '../../platform/runtime/providers/notifications.ts';
import { storage } from '../../platform/runtime/providers/storage.ts';
import type { Delivery } from '../../platform/runtime/work-on-job.ts';
import { createDocumentRecord, type DocumentRecord, type DocumentRow } from './document-record.ts';

export const provide = { database, storage, documentParser, textCutter, indexes, vectors, notifications };

/** After two ends with other jobs around it, it had a process to itself, see `run-worker.ts`. */
const TRIED_ALONE = 2;

interface IngestDeps {
  database: Database;
  storage: FileStorage;
  documentParser: DocumentParser;
  textCutter: TextCutter;
  indexes: Indexes;
  /** Of all generations, to remove from. */
  vectors: Pick<VectorStore, 'removeDocument'>;
  notifications: Notifications;
}

/**
 * queued | failed → processing → ready | failed. What an attempt has done stays done: pages that were read, the text with its
 * chunks, each batch of vectors. A job that is delivered again, after a crash at any point, goes on behind it.
 */
export async function handle(job: Delivery, deps: IngestDeps): Promise<void> {
  const { organizationId, documentId } = ingestJob.schema.parse(job.payload);
  const record = createDocumentRecord(deps, organizationId, documentId);
  // Done by an earlier delivery, or deleted: then an earlier one may have left vectors behind what erased them.
  const removeIfDeleted = async () => {
    if (!(await record.exists())) await deps.vectors.removeDocument(organizationId, documentId);
  };
  const document = await record.begin();
  if (!document) return removeIfDeleted();

  try {
    if (job.unresponsive > TRIED_ALONE) {
      throw new ParseFailure('too-slow', 'Read document: every process that tried did not answer any more');
    }
    if (!(await record.hasText())) await readText(job, deps, record, document);
    const isReady = await makeReady(job, deps, record, { organizationId, documentId });
    if (!isReady) await removeIfDeleted();
  } catch (error) {
    if (error instanceof ParseFailure) {
      // The file will not get better: no retry, and the job itself is done.
      job.log.info({ failure: error.code }, 'Document cannot be read');
      await record.fail(error.code, job.id);
      return;
    }
    // It was deleted, and its file with it.
    if (error instanceof FileMissing && !(await record.exists())) return removeIfDeleted();
    if (job.lastAttempt) await record.fail('unavailable', job.id);
    throw error;
  }
}

async function readText(
  { signal, progress }: Delivery,
  { storage: files, documentParser: parser, textCutter: cutter, indexes: { live } }: IngestDeps,
  record: DocumentRecord,
  { storageKey, format, title, fileName }: DocumentRow,
): Promise<void> {
  const earlier = await record.earlierPages();
  const file = await files.open(storageKey);
  cutter.prepare();
  const parsed = await parser
    .parse(
      { path: file.path, format: format as DocumentFormat },
      {
        earlier,
        async onPages(batch) {
          signal.throwIfAborted();
          await record.keepPages(batch);
        },
        onProgress: (done) => progress.show(() => record.progress(done)),
        signal,
      },
    )
    .finally(() => file.release());
  signal.throwIfAborted();
  const { text, pageStarts } = parsed;
  const structure = await cutter.cut({ text, pageStarts, title, fileName }, signal);
  await progress.settle(); // or it would be shown over the last word
  await record.saveText(parsed, structure, (await live()).generation.generation);
}

/** @returns false when the document is not being processed any more */
async function makeReady(
  { signal }: Delivery,
  { database: db, textCutter: { cut }, indexes: { live, generations } }: IngestDeps,
  record: DocumentRecord,
  document: { organizationId: string; documentId: string },
): Promise<boolean> {
  for (;;) {
    const index = await live();
    if (!(await indexDocument(db, index, { ...document, cut, signal }))) return false;
    const became = await record.ready(index.generation.generation);
    if (became !== 'behind') return became === 'ready';
    // Another generation went live meanwhile: the document goes into that one before anybody looks for it.
    await generations.refresh();
  }
}
