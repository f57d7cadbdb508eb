import { and, isNotNull, isNull, lt } from 'drizzle-orm';
import type { Database } from '../../db/client.ts';
import { daysBefore, removeBefore } from '../../db/remove-before.ts';
import { asyncCalls } from '../../db/schema/models/async-calls.ts';
import { batches } from '../../db/schema/models/batches.ts';
import { callbacks } from '../../db/schema/models/callbacks.ts';
import { promptLogs } from '../../db/schema/models/prompt-logs.ts';
import { ANSWER_HOURS } from './calls/show-call.ts';
import { sweepGatewayFiles } from './files/sweep-files.ts';

export interface SweptModels {
  /** Ended asynchronous calls, with their answers. */
  calls: number;
  /** Batches, callbacks and files of the gateway. */
  batches: number;
  callbacks: number;
  gatewayFiles: number;
  /** Logged prompts whose time is over. */
  prompts: number;
}

/** Days that batches and callbacks are kept; those that have not ended by then never will. */
const KEPT_DAYS = 30;
const HOUR_MS = 3_600_000;

/** Removes what has run out of asynchronous calls. Doing it twice does nothing twice. @returns rows */
export async function sweepModels(database: Database, now: Date): Promise<SweptModels> {
  const before = new Date(now.getTime() - ANSWER_HOURS * HOUR_MS);
  const calls = await database.transaction((tx) =>
    tx
      .delete(asyncCalls)
      .where(and(isNull(asyncCalls.batchId), isNotNull(asyncCalls.endedAt), lt(asyncCalls.endedAt, before)))
      .returning({ id: asyncCalls.id }),
  );
  return {
    calls: calls.length,
    batches: await removeBefore(database, batches, batches.createdAt, daysBefore(now, KEPT_DAYS)),
    callbacks: await removeBefore(database, callbacks, callbacks.createdAt, daysBefore(now, KEPT_DAYS)),
    gatewayFiles: await sweepGatewayFiles(database, now),
    prompts: await removeBefore(database, promptLogs, promptLogs.expiresAt, now),
  };
}
