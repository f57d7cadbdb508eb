import { count, eq } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { asyncCalls } from '../../../db/schema/models/async-calls.ts';
import { batches } from '../../../db/schema/models/batches.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { notFound } from '../../../platform/kernel/problems.ts';
import { type Page, pageOf } from '../files/list-files.ts';
import { publicId, readPublicId } from '../files/public-id.ts';
import { unixSeconds } from '../files/unix-seconds.ts';

export type BatchRow = typeof batches.$inferSelect;

/** @throws Problem not-found */
export async function findBatch(tx: Transaction, id: string): Promise<BatchRow> {
  const plain = readPublicId('batch_', id);
  const [row] = plain === undefined ? [] : await tx.select().from(batches).where(eq(batches.id, plain));
  if (!row) throw new Problem(notFound);
  return row;
}

/** @returns one more than the page holds when there are more */
export async function listBatches(tx: Transaction, page: Page): Promise<BatchRow[]> {
  const last = page.after === undefined ? undefined : await findBatch(tx, page.after);
  const { where, orderBy } = pageOf(batches, page, last);
  return tx
    .select()
    .from(batches)
    .where(where)
    .orderBy(...orderBy)
    .limit(page.limit + 1);
}

export interface BatchCounts {
  completed: number;
  failed: number;
}

/** How many of a batch's calls have ended. */
export async function countLines(tx: Transaction, batchId: string): Promise<BatchCounts> {
  const rows = await tx
    .select({ state: asyncCalls.state, calls: count() })
    .from(asyncCalls)
    .where(eq(asyncCalls.batchId, batchId))
    .groupBy(asyncCalls.state);
  const of = (state: string) => rows.find((row) => row.state === state)?.calls ?? 0;
  return { completed: of('done'), failed: of('failed') };
}

/** A batch as OpenAI's clients know it. */
export const showBatch = (row: BatchRow) => ({
  id: publicId('batch_', row.id),
  object: 'batch' as const,
  endpoint: `/v1/${row.endpoint}`,
  errors: row.errors && { object: 'list' as const, data: row.errors },
  input_file_id: publicId('file-', row.inputFileId),
  completion_window: '24h' as const,
  status: row.state,
  output_file_id: row.outputFileId && publicId('file-', row.outputFileId),
  error_file_id: row.errorFileId && publicId('file-', row.errorFileId),
  created_at: unixSeconds(row.createdAt),
  in_progress_at: unixSeconds(row.inProgressAt),
  expires_at: unixSeconds(row.expiresAt),
  finalizing_at: unixSeconds(row.finalizingAt),
  completed_at: unixSeconds(row.completedAt),
  failed_at: unixSeconds(row.failedAt),
  expired_at: unixSeconds(row.expiredAt),
  cancelling_at: unixSeconds(row.cancellingAt),
  cancelled_at: unixSeconds(row.cancelledAt),
  request_counts: { total: row.total, completed: row.completed, failed: row.failed },
  metadata: row.metadata,
});
