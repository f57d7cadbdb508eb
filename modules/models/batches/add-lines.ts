import { eq, sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { asyncCalls } from '../../../db/schema/models/async-calls.ts';
import type { BatchError } from '../../../db/schema/models/batches.ts';
import { gatewayFiles } from '../../../db/schema/models/gateway-files.ts';
import { FileMissing, type FileStorage } from '../../../platform/capabilities/storage/index.ts';
import type { BatchRow } from './find-batch.ts';
import { type BatchLine, type LineLimits, readLines } from './read-lines.ts';

/** Rows of one transaction. */
const AT_ONCE = 200;

export type AddedLines = { errors: BatchError[] } | { total: number };

/** Checks all of an input file, and adds a call for each of its lines where all are good. What an earlier run has added stays as it is. */
export async function addLines(
  { database, storage }: { database: Database; storage: FileStorage },
  batch: BatchRow,
  limits: LineLimits,
  signal: AbortSignal,
): Promise<AddedLines> {
  const lines = () => linesOf({ database, storage }, batch, limits, signal);
  const errors: BatchError[] = [];
  let total = 0;
  for await (const read of lines()) {
    if ('code' in read) errors.push(read);
    else total += 1;
  }
  if (errors.length > 0) return { errors };
  let waiting: BatchLine[] = [];
  for await (const read of lines()) {
    if ('code' in read) return { errors: [read] };
    waiting.push(read);
    if (waiting.length < AT_ONCE) continue;
    await insert(database, batch, waiting);
    waiting = [];
  }
  await insert(database, batch, waiting);
  return { total };
}

async function* linesOf(
  { database, storage }: { database: Database; storage: FileStorage },
  { organizationId, inputFileId }: BatchRow,
  limits: LineLimits,
  signal: AbortSignal,
): AsyncGenerator<BatchLine | BatchError> {
  const missing: BatchError = { code: 'file_missing', message: 'The input file was deleted', param: null, line: null };
  const [file] = await database.tenant(organizationId, (tx) =>
    tx.select().from(gatewayFiles).where(eq(gatewayFiles.id, inputFileId)),
  );
  if (!file) return yield missing;
  const found = await storage.read(file.storageKey).catch((error: unknown) => {
    if (error instanceof FileMissing) return undefined;
    throw error;
  });
  if (!found) return yield missing;
  for await (const read of readLines(found.stream, limits)) {
    signal.throwIfAborted();
    yield read;
  }
}

async function insert(database: Database, batch: BatchRow, lines: readonly BatchLine[]): Promise<void> {
  if (lines.length === 0) return;
  const { id: batchId, organizationId, userId, keyId, channel, endpoint } = batch;
  await database.tenant(organizationId, (tx) =>
    tx
      .insert(asyncCalls)
      .values(
        lines.map(({ line, customId, model, text }) => ({
          ...{ batchId, organizationId, userId, keyId, channel, endpoint },
          ...{ line, customId, model, body: text },
        })),
      )
      .onConflictDoNothing({ target: [asyncCalls.batchId, asyncCalls.line], where: sql`batch_id is not null` }),
  );
}
