import { sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';

/** Where sums and the rows they are of do not agree. Figures are exact, as text. */
export interface Difference {
  [column: string]: unknown;
  organizationId: string;
  /** What is summed: a figure of a month, an action and a model, or a column of the organization. */
  place: string;
  logged: string;
  summed: string;
}

/**
 * Compares `usage_logs` with `usage_totals` and with the organizations' sums, all of one moment; nothing when they agree. People are
 * left out, since rows forget who has gone.
 * @param since the first month of which all rows are kept; the sums of organizations, which are of all time, are then left out
 * @param database as the owner or the platform's role, which see all organizations
 */
export async function reconcileUsage(database: Database, since?: Date): Promise<Difference[]> {
  const first = since?.toISOString() ?? '-infinity';
  return database.transaction(async (tx) => [
    ...(await tx.execute<Difference>(sql`
      with logged as (
        select organization_id, to_char(created_at at time zone 'UTC', 'YYYY-MM') as month, action, model,
          count(*) as count, sum(prompt_tokens) as prompt, sum(completion_tokens) as completion, sum(cached_tokens) as cached, sum(cost) as cost
        from usage_logs where created_at >= ${first}::timestamptz group by 1, 2, 3, 4
      ), summed as (
        select organization_id, to_char(month, 'YYYY-MM'), action, model,
          sum(count), sum(prompt_tokens), sum(completion_tokens), sum(cached_tokens), sum(cost)
        from usage_totals where month >= ${first}::timestamp group by 1, 2, 3, 4
      ), by_month as (
        select organization_id, concat_ws(' ', month, action, model, figure) as place,
          coalesce(sum(value) filter (where is_log), 0) as logged, coalesce(sum(value) filter (where not is_log), 0) as summed
        from (select *, true as is_log from logged union all select *, false from summed) sides
        cross join lateral (values
          ('count', count::numeric), ('prompt_tokens', prompt), ('completion_tokens', completion), ('cached_tokens', cached), ('cost', cost)
        ) as figures(figure, value)
        group by 1, 2
      ), used as (
        select organization_id, sum(prompt_tokens + completion_tokens) as tokens, sum(cost) as cost,
          count(distinct request_id) filter (where action = 'ai_query' and outcome <> 'failed') as questions
        from usage_logs group by 1
      ), by_organization as (
        select id as organization_id, place, logged, summed
        from organizations left join used on organization_id = id 
        cross join lateral (values
          ('tokens_used', coalesce(tokens, 0)::numeric, tokens_used::numeric),
          ('ai_cost', coalesce(cost, 0), ai_cost),
          ('questions_used', coalesce(questions, 0), questions_used)
        ) as figures(place, logged, summed)
        where ${since === undefined}::boolean
      )
      select organization_id as "organizationId", place, logged::text, summed::text
      from (select * from by_month union all select * from by_organization) every
      where logged <> summed
      order by 1, 2`)),
  ]);
}

const DAY_MS = 24 * 3_600_000;

/** The first month of which all rows of usage are kept, when they are kept for so many days: months go as a whole. */
export function usageKeptSince(days: number, now: Date): Date {
  const first = new Date(now.getTime() - days * DAY_MS);
  return new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth(), 1));
}
