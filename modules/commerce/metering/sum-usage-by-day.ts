import { sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';

export interface UsageOfDay {
  [column: string]: unknown;
  /** `2026-03-05`, UTC. */
  day: string;
  count: number;
  promptTokens: number;
  completionTokens: number;
  cachedTokens: number;
  /** Roubles, exact: `0.01250000`. */
  cost: string;
}

/** What an organization used on each day of a month, from single records. @param month its first day, `2026-03-01` */
export async function sumUsageByDay(tx: Transaction, organizationId: string, month: string): Promise<UsageOfDay[]> {
  const start = sql`(${month}::timestamp at time zone 'UTC')`;
  const end = sql`((${month}::timestamp + interval '1 month') at time zone 'UTC')`;
  const rows = await tx.execute<UsageOfDay>(sql`
    select
      to_char(created_at at time zone 'UTC', 'YYYY-MM-DD') as day,
      count(*)::float8 as count,
      sum(prompt_tokens)::float8 as "promptTokens",
      sum(completion_tokens)::float8 as "completionTokens",
      sum(cached_tokens)::float8 as "cachedTokens",
      sum(cost)::numeric(20, 8)::text as cost
    from usage_logs
    where organization_id = ${organizationId} and created_at >= ${start} and created_at < ${end}
    group by 1 order by 1`);
  return [...rows];
}
