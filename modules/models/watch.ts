import { and, eq, inArray, isNull, lt, not, sql } from 'drizzle-orm';
import type { Database, Transaction } from '../../db/client.ts';
import { asyncCalls } from '../../db/schema/models/async-calls.ts';
import { batches, openBatchStates } from '../../db/schema/models/batches.ts';
import type { Queue } from '../../platform/capabilities/queue/index.ts';
import { deadJobs, hasPendingJob } from '../../platform/capabilities/queue/pgboss/has-job.ts';
import { Problem } from '../../platform/kernel/problem.ts';
import { internal } from '../../platform/kernel/problems.ts';
import { moveBatch } from './batches/move-batch.ts';
import { failCall } from './calls/change-call.ts';
import { backgroundJobs, externalJob } from './calls/jobs.ts';
import { writeCallProblem } from './calls/write-problem.ts';
import { messageOf } from './dialects/write-openai-error.ts';
import { callInterrupted } from './problems.ts';

/** Asynchronous calls and batches whose jobs were nowhere any more. */
export interface WatchedModels {
  /** Those that got another job. */
  resumed: number;
  /** Those that ended, as their jobs had failed for good. */
  failed: number;
}

interface WatchDeps {
  database: Database;
  queue: Queue;
}

/** Of one look. */
const MOST = 500;
/** A batch continues where it was, and what it has is worth another job. */
const MOST_DEAD_OF_BATCH = 1;

/**
 * Finds asynchronous calls and batches that wait in vain, so that none is `queued` or `running` for ever. A row and its job change in one
 * transaction; what was added a moment ago is left alone all the same. Doing it twice does nothing twice.
 */
export const watchModels = ({ database, queue }: WatchDeps): Promise<WatchedModels> =>
  database.transaction(async (tx) => {
    const [calls, lines] = [await watchCalls(tx, queue), await watchBatches(tx, queue)];
    return { resumed: calls.resumed + lines.resumed, failed: calls.failed + lines.failed };
  });

const withoutJob = (fields: Parameters<typeof hasPendingJob>[1]) =>
  and(...backgroundJobs.map((job) => not(hasPendingJob(job, fields))));
const before = sql`now() - interval '10 seconds'`;

async function watchCalls(tx: Transaction, queue: Queue): Promise<WatchedModels> {
  const fields = { callId: asyncCalls.id };
  const { id, organizationId, requestId, state } = asyncCalls;
  const rows = await tx
    .select({ id, organizationId, requestId, state, dead: deadJobs(backgroundJobs, fields) })
    .from(asyncCalls)
    // The index on the end has those without one.
    .where(
      and(isNull(asyncCalls.batchId), isNull(asyncCalls.endedAt), lt(asyncCalls.createdAt, before), withoutJob(fields)),
    )
    .limit(MOST);
  const dead = rows.filter((row) => row.dead > 0);
  for (const call of dead) {
    const problem = new Problem(call.state === 'running' ? callInterrupted : internal);
    await failCall(tx, queue, call.id, writeCallProblem(problem, call.requestId));
  }
  const lost = rows.filter((row) => row.dead === 0);
  for (const call of lost)
    await queue.send(tx, externalJob, { kind: 'call', organizationId: call.organizationId, callId: call.id });
  return { resumed: lost.length, failed: dead.length };
}

async function watchBatches(tx: Transaction, queue: Queue): Promise<WatchedModels> {
  const fields = { batchId: batches.id };
  const { id, organizationId } = batches;
  const rows = await tx
    .select({ id, organizationId, dead: deadJobs(backgroundJobs, fields) })
    .from(batches)
    .where(and(inArray(batches.state, openBatchStates), lt(batches.createdAt, before), withoutJob(fields)))
    .limit(MOST);
  const dead = rows.filter((row) => row.dead > MOST_DEAD_OF_BATCH);
  const message = messageOf(new Problem(internal));
  for (const batch of dead) {
    const errors = [{ code: internal.type, message, param: null, line: null }];
    await moveBatch(tx, queue, batch.id, { from: openBatchStates, to: 'failed', errors });
    await tx.delete(asyncCalls).where(eq(asyncCalls.batchId, batch.id));
  }
  const lost = rows.filter((row) => row.dead <= MOST_DEAD_OF_BATCH);
  for (const batch of lost)
    await queue.send(tx, externalJob, { kind: 'batch', organizationId: batch.organizationId, batchId: batch.id });
  return { resumed: lost.length, failed: dead.length };
}
