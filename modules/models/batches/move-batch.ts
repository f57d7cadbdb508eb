import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { type BatchState, batches } from '../../../db/schema/models/batches.ts';
import type { Queue } from '../../../platform/capabilities/queue/index.ts';
import { requestCallback } from '../callbacks/request-callback.ts';
import { publicId } from '../files/public-id.ts';
import type { BatchRow } from './find-batch.ts';

const times = {
  in_progress: 'inProgressAt',
  finalizing: 'finalizingAt',
  completed: 'completedAt',
  failed: 'failedAt',
  expired: 'expiredAt',
  cancelled: 'cancelledAt',
} as const;
type Reached = keyof typeof times;
const ends: readonly BatchState[] = ['completed', 'failed', 'expired', 'cancelled'];

/** Moves a batch on, if it is still where it was. The end of one is told to the address that it names. @returns the row */
export async function moveBatch(
  tx: Transaction,
  queue: Queue,
  id: string,
  { from, to, ...values }: { from: readonly BatchState[]; to: Reached } & Partial<BatchRow>,
): Promise<BatchRow | undefined> {
  const [row] = await tx
    .update(batches)
    .set({ ...values, state: to, [times[to]]: sql`now()` })
    .where(and(eq(batches.id, id), inArray(batches.state, [...from])))
    .returning();
  if (!row) return undefined;
  if (ends.includes(to) && row.callbackUrl !== null)
    await requestCallback(tx, queue, {
      ...{ organizationId: row.organizationId, url: row.callbackUrl },
      ...{ event: `batch.${to}`, subject: publicId('batch_', id) },
    });
  return row;
}
