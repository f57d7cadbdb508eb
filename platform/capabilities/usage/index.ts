import { and, eq, gte, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import type { Transaction } from '../../../db/client.ts';
import { organizations } from '../../../db/schema/organizations.ts';
import { type UsageAction, usageLogs } from '../../../db/schema/usage-logs.ts';
import type { Caller } from '../identity/index.ts';

export interface UsageEntry {
  action: UsageAction;
  model?: string;
  promptTokens?: number;
  completionTokens?: number;
  cachedTokens?: number;
  metadata?: Record<string, unknown>;
}

/** Writes one thing that was used, and the organization's sums, in the transaction that settles it. */
export async function recordUsage(tx: Transaction, caller: Caller, entry: UsageEntry): Promise<void> {
  const { organizationId, userId } = caller;
  await tx.insert(usageLogs).values({ organizationId, userId, ...entry });
  const tokens = (entry.promptTokens ?? 0) + (entry.completionTokens ?? 0);
  const questions = entry.action === 'ai_query' ? 1 : 0;
  if (tokens + questions === 0) return;
  await tx
    .update(organizations)
    .set({
      tokensUsed: sql`${organizations.tokensUsed} + ${tokens}`,
      questionsUsed: sql`${organizations.questionsUsed} + ${questions}`,
    })
    .where(eq(organizations.id, organizationId));
}

export interface UsageSum {
  action: UsageAction;
  model: string | null;
  count: number;
  promptTokens: number;
  completionTokens: number;
  cachedTokens: number;
}

/** What an organization used since a moment, by action and model. */
export async function sumUsage(tx: Transaction, organizationId: string, since: Date): Promise<UsageSum[]> {
  const sum = (column: AnyPgColumn) => sql<number>`coalesce(sum(${column}), 0)::int`;
  return tx
    .select({
      action: usageLogs.action,
      model: usageLogs.model,
      count: sql<number>`count(*)::int`,
      promptTokens: sum(usageLogs.promptTokens),
      completionTokens: sum(usageLogs.completionTokens),
      cachedTokens: sum(usageLogs.cachedTokens),
    })
    .from(usageLogs)
    .where(and(eq(usageLogs.organizationId, organizationId), gte(usageLogs.createdAt, since)))
    .groupBy(usageLogs.action, usageLogs.model)
    .orderBy(usageLogs.action, usageLogs.model);
}
