import { sql } from 'drizzle-orm';
import type { Database, Transaction } from '../../../db/client.ts';
import type { UsageOutcome } from '../../../db/schema/commerce/usage-logs.ts';

/** One call of a provider for a question, or none when the answer was cached. */
export interface Attempt {
  /** As `startAttempt` gave it; missing when no provider was called. */
  attempt?: number;
  outcome: UsageOutcome;
  model: string;
  promptTokens: number;
  completionTokens: number;
  /** Part of `promptTokens`; priced apart. */
  cachedTokens: number;
  metadata?: Record<string, unknown>;
}

/**
 * A provider is being called for an admitted question: from now on an end without a word is charged. May run next to the call,
 * but must be done before anything of the answer is shown.
 * @param failedModel the model of the attempt before, which produced nothing and is written down as such
 * @returns the attempt's number
 */
export async function startAttempt(
  database: Database,
  organizationId: string,
  requestId: string,
  failedModel?: string,
): Promise<number> {
  const [row] = await database.statement<{ attempt: number }>('select start_question($1, $2, $3) as attempt', [
    organizationId,
    requestId,
    failedModel ?? null,
  ]);
  return row?.attempt as number;
}

/**
 * Charges a question with what its attempts used. Locks the organization's row, so it comes last in its transaction. Doing it
 * twice charges once.
 */
export const settleQuestion = (
  tx: Transaction,
  organizationId: string,
  requestId: string,
  attempts: readonly Attempt[],
): Promise<void> => closeQuestion(tx, organizationId, requestId, 'settled', attempts);

/** Gives a question back that got no answer: nothing came of its attempts, but what they used is still written down. */
export const releaseQuestion = (
  tx: Transaction,
  organizationId: string,
  requestId: string,
  attempts: readonly Attempt[],
): Promise<void> => {
  const failed = attempts.map((attempt): Attempt => ({ ...attempt, outcome: 'failed' }));
  return closeQuestion(tx, organizationId, requestId, 'released', failed);
};

async function closeQuestion(
  tx: Transaction,
  organizationId: string,
  requestId: string,
  ending: 'settled' | 'released',
  attempts: readonly Attempt[],
): Promise<void> {
  await tx.execute(
    sql`select close_question(${organizationId}, ${requestId}, ${ending}, ${JSON.stringify(attempts)}::jsonb)`,
  );
}
