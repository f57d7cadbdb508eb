import type { Database, Transaction } from '../../db/client.ts';
import { beginDocument } from '../../modules/legal/documents/begin.ts';
import { type DocumentRef, type DocumentRow, documentExists } from '../../modules/legal/documents/change.ts';
import { failDocument } from '../../modules/legal/documents/fail.ts';
import { ingestJob } from '../../modules/legal/documents/jobs.ts';
import type { DocumentFailure } from '../../modules/legal/documents/letters.ts';
import { earlierPages, keepPages } from '../../modules/legal/documents/pages.ts';
import { showProgress } from '../../modules/legal/documents/progress.ts';
import { readyDocument } from '../../modules/legal/documents/ready.ts';
import { hasText, saveText } from '../../modules/legal/documents/save-text.ts';
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

/** Runs one step in a transaction that sees the document's organization. */
type Step = <T>(work: (tx: Transaction) => Promise<T>) => Promise<T>;

/**
 * queued | failed → processing → ready | failed. What an attempt has done stays done: pages that were read, the text with its
 * chunks, each batch of vectors. A job that is delivered again, after a crash at any point, continues after it.
 */
export async function handle(job: Delivery, deps: IngestDeps): Promise<void> {
  const ref = ingestJob.schema.parse(job.payload);
  const { organizationId, documentId } = ref;
  const step: Step = (work) => deps.database.tenant(organizationId, work);
  const exists = () => step((tx) => documentExists(tx, documentId));
  const fail = (code: DocumentFailure) => step((tx) => failDocument(tx, deps.notifications, documentId, code, job.id));
  // Done by an earlier delivery, or deleted: then an earlier one may have left vectors behind what erased them.
  const removeIfDeleted = async () => {
    if (!(await exists())) await deps.vectors.removeDocument(organizationId, documentId);
  };
  const document = await step((tx) => beginDocument(tx, documentId));
  if (!document) return removeIfDeleted();

  try {
    if (job.unresponsive > TRIED_ALONE) {
      throw new ParseFailure('too-slow', 'Read document: every process that tried did not answer any more');
    }
    if (!(await step((tx) => hasText(tx, documentId)))) await readText(job, deps, step, document);
    const isReady = await makeReady(job, deps, step, ref);
    if (!isReady) await removeIfDeleted();
  } catch (error) {
    await job.progress.settle();
    if (error instanceof ParseFailure) {
      // The file will not get better: no retry, and the job itself is done.
      job.log.info({ failure: error.code }, 'Document cannot be read');
      return fail(error.code);
    }
    // It was deleted, and its file with it.
    if (error instanceof FileMissing && !(await exists())) return removeIfDeleted();
    if (job.lastAttempt) await fail('unavailable');
    throw error;
  }
}

async function readText(
  { signal, progress }: Delivery,
  { storage: files, documentParser: parser, textCutter: cutter, indexes: { live } }: IngestDeps,
  step: Step,
  { id: documentId, organizationId, storageKey, format, title, fileName }: DocumentRow,
): Promise<void> {
  const ref = { organizationId, documentId };
  const earlier = await step((tx) => earlierPages(tx, documentId));
  const file = await files.open(storageKey);
  cutter.prepare();
  const parsed = await parser
    .parse(
      { path: file.path, format: format as DocumentFormat },
      {
        earlier,
        async onPages(batch) {
          signal.throwIfAborted();
          await step((tx) => keepPages(tx, ref, batch));
        },
        onProgress: (pages) => progress.show(() => step((tx) => showProgress(tx, documentId, pages))),
        signal,
      },
    )
    .finally(() => file.release());
  signal.throwIfAborted();
  const { text, pageStarts } = parsed;
  const structure = await cutter.cut({ text, pageStarts, title, fileName }, signal);
  const { generation } = (await live()).generation;
  await progress.settle(); // or it would be shown over the last word
  await step((tx) => saveText(tx, ref, parsed, structure, generation));
}

/** @returns false when the document is not being processed any more */
async function makeReady(
  { signal }: Delivery,
  { database: db, textCutter: { cut }, indexes: { live, generations } }: IngestDeps,
  step: Step,
  ref: DocumentRef,
): Promise<boolean> {
  for (;;) {
    const index = await live();
    if (!(await indexDocument(db, index, { ...ref, cut, signal }))) return false;
    const became = await step((tx) => readyDocument(tx, ref, index.generation.generation));
    if (became !== 'behind') return became === 'ready';
    // Another generation went live in between: the document goes into that one before anyone searches for it.
    await generations.refresh();
  }
}
