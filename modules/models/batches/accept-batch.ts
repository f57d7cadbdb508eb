import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { batches, type CallEndpoint, openBatchStates } from '../../../db/schema/models/batches.ts';
import type { Queue } from '../../../platform/capabilities/queue/index.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { invalidRequest } from '../../../platform/kernel/problems.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';
import { externalJob } from '../calls/jobs.ts';
import { findFile } from '../files/list-files.ts';
import { batchOver, tooManyCallsAtOnce } from '../problems.ts';
import { type BatchRow, findBatch } from './find-batch.ts';

/** Batches of an organization that have not ended. */
const MOST_OPEN = 50;
const WINDOW_HOURS = 24;

export interface NewBatch {
  endpoint: CallEndpoint;
  inputFileId: string;
  metadata: Record<string, string> | null;
  callbackUrl: string | undefined;
}

/** Takes a batch in: its row and its job in the caller's transaction. @throws Problem invalid-request, too-many-calls-at-once */
export async function acceptBatch(
  tx: Transaction,
  queue: Queue,
  { organizationId, userId, keyId, channel = 'external' }: Caller,
  { inputFileId, ...batch }: NewBatch,
): Promise<BatchRow> {
  const file = await findFile(tx, inputFileId).catch((cause: unknown) => {
    throw refused('input_file_id', 'is no file of yours', cause);
  });
  if (file.purpose !== 'batch') throw refused('input_file_id', 'must be a file with the purpose "batch"');
  const open = inArray(batches.state, openBatchStates);
  if ((await tx.$count(batches, and(eq(batches.organizationId, organizationId), open))) >= MOST_OPEN)
    throw new Problem(tooManyCallsAtOnce, { parameters: { limit: MOST_OPEN } });
  const [row] = await tx
    .insert(batches)
    .values({
      ...{ ...batch, organizationId, userId, keyId, channel, inputFileId: file.id },
      expiresAt: sql`now() + make_interval(hours => ${WINDOW_HOURS})`,
    })
    .returning();
  if (!row) throw new Error('Accept batch: no row came back');
  await queue.send(tx, externalJob, { kind: 'batch', organizationId, batchId: row.id });
  return row;
}

const refused = (name: string, message: string, cause?: unknown) =>
  new Problem(invalidRequest, { errors: [{ path: `body.${name}`, message }], cause });

/** validating | in_progress → cancelling; a second time nothing happens. @throws Problem not-found, batch-over */
export async function cancelBatch(tx: Transaction, queue: Queue, id: string): Promise<BatchRow> {
  const { id: batchId, organizationId } = await findBatch(tx, id);
  const [row] = await tx
    .update(batches)
    .set({ state: 'cancelling', cancellingAt: sql`now()` })
    .where(and(eq(batches.id, batchId), inArray(batches.state, ['validating', 'in_progress'])))
    .returning();
  if (row) {
    await queue.send(tx, externalJob, { kind: 'batch', organizationId, batchId });
    return row;
  }
  const now = await findBatch(tx, id);
  if (now.state === 'cancelling' || now.state === 'cancelled') return now;
  throw new Problem(batchOver, { parameters: { state: now.state } });
}
