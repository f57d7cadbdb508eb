import { type SQL, sql } from 'drizzle-orm';
import type { Database } from '../../../../db/client.ts';
import { newestFirst, type Position } from '../../../../db/newest-first.ts';
import { type UsageOutcome, usageLogs } from '../../../../db/schema/commerce/usage-logs.ts';
import { type LoggedCall, toCall } from './list-calls.ts';

/** A call of an upstream, with the key that asked. */
export type FoundCall = LoggedCall & { keyId: string | null; userId: string | null };

/** What is looked for; undefined for all. */
export interface CallSearch {
  from?: Date | undefined;
  /** Exclusive. */
  to?: Date | undefined;
  keyId?: string | undefined;
  route?: string | undefined;
  target?: string | undefined;
  outcome?: UsageOutcome | undefined;
  requestId?: string | undefined;
  /** Where the page before ended. */
  after?: Position | undefined;
  limit: number;
}

const pages = newestFirst(usageLogs.createdAt, usageLogs.id);

/** Calls of one organization, the newest first. */
export async function searchCalls(
  database: Pick<Database, 'tenant'>,
  organizationId: string,
  search: CallSearch,
): Promise<FoundCall[]> {
  const { from, to, keyId, route, target, outcome, requestId, after, limit } = search;
  const conditions = [
    sql`organization_id = ${organizationId} and action = 'gateway'`,
    from && sql`created_at >= ${from.toISOString()}::timestamptz`,
    to && sql`created_at < ${to.toISOString()}::timestamptz`,
    keyId !== undefined && sql`key_id = ${keyId}`,
    route !== undefined && sql`metadata ->> 'route' = ${route}`,
    target !== undefined && sql`metadata ->> 'target' = ${target}`,
    outcome !== undefined && sql`outcome = ${outcome}`,
    requestId !== undefined && sql`request_id = ${requestId}`,
    pages.after(after),
  ].filter((condition): condition is SQL => Boolean(condition));
  const rows = await database.tenant(organizationId, (tx) =>
    tx.execute<Record<string, unknown>>(sql`
      select id, organization_id, user_id, key_id, request_id, attempt, outcome, prompt_tokens, completion_tokens, cost, metadata,
        created_at
      from usage_logs where ${sql.join(conditions, sql` and `)}
      order by ${sql.join(pages.order, sql`, `)} limit ${limit}`),
  );
  return [...rows].map((row) => ({
    ...toCall(row),
    keyId: row.key_id === null ? null : String(row.key_id),
    userId: row.user_id === null ? null : String(row.user_id),
  }));
}
