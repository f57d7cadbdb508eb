import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { asyncCalls } from '../../../db/schema/models/async-calls.ts';
import type { CallEndpoint } from '../../../db/schema/models/batches.ts';
import type { Queue } from '../../../platform/capabilities/queue/index.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';
import { tooManyCallsAtOnce } from '../problems.ts';
import { externalJob } from './jobs.ts';

export type CallRow = typeof asyncCalls.$inferSelect;

/** Calls of an organization that may wait at the same time, batches left out. */
const MOST_WAITING = 1_000;

export interface NewCall {
  endpoint: CallEndpoint;
  model: string;
  /** JSON. */
  body: string;
  callbackUrl: string | undefined;
}

/** Takes a call in: its row and its job in the caller's transaction. @throws Problem too-many-calls-at-once */
export async function acceptCall(
  tx: Transaction,
  queue: Queue,
  { organizationId, userId, keyId, channel = 'external' }: Caller,
  call: NewCall,
): Promise<CallRow> {
  const waiting = await tx.$count(
    asyncCalls,
    and(
      eq(asyncCalls.organizationId, organizationId),
      isNull(asyncCalls.batchId),
      inArray(asyncCalls.state, ['queued', 'running']),
    ),
  );
  if (waiting >= MOST_WAITING) throw new Problem(tooManyCallsAtOnce, { parameters: { limit: MOST_WAITING } });
  const [row] = await tx
    .insert(asyncCalls)
    .values({ ...call, organizationId, userId, keyId, channel })
    .returning();
  if (!row) throw new Error('Accept call: no row came back');
  await queue.send(tx, externalJob, { kind: 'call', organizationId, callId: row.id });
  return row;
}
