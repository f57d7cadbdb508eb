import { sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import type { UsageAction } from '../../../db/schema/commerce/usage-logs.ts';

interface Sums {
  count: number;
  promptTokens: number;
  completionTokens: number;
  cachedTokens: number;
  /** Roubles, exact: `0.01250000`. */
  cost: string;
}

export interface UsageOfMonth {
  total: Sums;
  items: (Sums & { action: UsageAction; model: string | null })[];
  /** Without an id and an address: people that are gone. */
  people: (Sums & { userId: string | null; email: string | null })[];
}

interface Row extends Sums {
  [column: string]: unknown;
  level: 'total' | 'item' | 'person';
  action: UsageAction;
  model: string | null;
  userId: string | null;
  email: string | null;
}

/** What an organization used in a month, from its totals. @param month its first day, `2026-03-01` */
export async function sumUsage(tx: Transaction, organizationId: string, month: string): Promise<UsageOfMonth> {
  const rows = await tx.execute<Row>(sql`
    select
      case grouping(action, u.id) when 3 then 'total' when 1 then 'item' else 'person' end as level,
      action, model, u.id as "userId", u.email,
      coalesce(sum(count), 0)::float8 as count,
      coalesce(sum(prompt_tokens), 0)::float8 as "promptTokens",
      coalesce(sum(completion_tokens), 0)::float8 as "completionTokens",
      coalesce(sum(cached_tokens), 0)::float8 as "cachedTokens",
      coalesce(sum(cost), 0)::numeric(20, 8)::text as cost
    from usage_totals t left join users u on u.id = t.user_id
    where t.organization_id = ${organizationId} and month = ${month}
    group by grouping sets ((), (action, model), (u.id, u.email))
    order by action, model, u.email`);
  const sums = ({ count, promptTokens, completionTokens, cachedTokens, cost }: Row): Sums => ({
    ...{ count, promptTokens, completionTokens, cachedTokens, cost },
  });
  const of = (level: Row['level']) => rows.filter((row) => row.level === level);
  return {
    total: sums(of('total')[0] as Row),
    items: of('item').map((row) => ({ action: row.action, model: row.model, ...sums(row) })),
    people: of('person').map((row) => ({ userId: row.userId, email: row.email, ...sums(row) })),
  };
}
