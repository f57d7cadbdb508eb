import { sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';

/** What was used of one action since a moment; means are null where nothing says them. */
interface MeasuredAction {
  [column: string]: unknown;
  action: string;
  requests: number;
  /** The most in an hour of the clock. */
  busiestHour: number;
  /** Of the requests, those that the cache answered. */
  cached: number;
  /** Means of the requests that reached a model. */
  tokensIn: number | null;
  tokensOut: number | null;
  /** Mean time of calls of the gateway. */
  seconds: number | null;
}

interface MeasuredPeople {
  [column: string]: unknown;
  users: number;
  organizations: number;
  /** People who used something, on a mean day. */
  activePerDay: number;
}

/** @param database as the platform's role, which sees all organizations */
export function measureUsage(
  database: Pick<Database, 'transaction'>,
  since: Date,
  days: number,
): Promise<{ actions: MeasuredAction[]; people: MeasuredPeople }> {
  const recent = sql`created_at >= ${since.toISOString()}::timestamptz`;
  return database.transaction(async (tx) => {
    const actions = await tx.execute<MeasuredAction>(sql`
      with recent as (select * from usage_logs where ${recent} and outcome <> 'failed'),
      hours as (
        select action, count(distinct request_id) as requests from recent group by action, date_trunc('hour', created_at)
      )
      select action,
        count(distinct request_id)::float8 as requests,
        (select max(h.requests) from hours h where h.action = recent.action)::float8 as "busiestHour",
        count(distinct request_id) filter (where outcome = 'cached')::float8 as cached,
        avg(prompt_tokens) filter (where outcome in ('done', 'broken') and prompt_tokens > 0)::float8 as "tokensIn",
        avg(completion_tokens) filter (where outcome in ('done', 'broken') and prompt_tokens > 0)::float8 as "tokensOut",
        (avg((metadata ->> 'ms')::float8) filter (
          where action = 'gateway' and jsonb_typeof(metadata -> 'ms') = 'number'
        ) / 1000)::float8 as seconds
      from recent group by action order by action`);
    const [people] = await tx.execute<MeasuredPeople>(sql`
      select (select count(*) from users)::float8 as users,
        (select count(*) from organizations)::float8 as organizations,
        coalesce((
          select count(*) from (
            select distinct user_id, created_at::date from usage_logs where ${recent} and user_id is not null
          ) active
        )::float8 / ${days}::float8, 0) as "activePerDay"`);
    if (people === undefined) throw new Error('Measure usage: the database answered nothing');
    return { actions: [...actions], people };
  });
}
