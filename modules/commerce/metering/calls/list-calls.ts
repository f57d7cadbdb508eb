import { sql } from 'drizzle-orm';
import type { Database } from '../../../../db/client.ts';

/** One call of an upstream as the books have it; no word of what was asked or answered. */
export interface LoggedCall {
  id: string;
  organizationId: string;
  requestId: string;
  attempt: number;
  route: string | null;
  target: string | null;
  outcome: string;
  status: number | null;
  promptTokens: number;
  completionTokens: number;
  /** Milliseconds to the first content, and in all. */
  firstMs: number | null;
  ms: number | null;
  /** Roubles, exact. */
  cost: string;
  isEstimated: boolean;
  /** When the call was admitted: a row appears when it is over. */
  createdAt: Date;
}

export interface CallsAsked {
  organizationId: string | undefined;
  /** The API key that asked. */
  keyId?: string | undefined;
  /** Of calls that were admitted since then. */
  sinceMs: number;
  limit: number;
}

/** Calls of the gateway, the newest last. It looks at each organization by the index of its time. */
export async function listCalls(
  database: Pick<Database, 'transaction'>,
  { organizationId, keyId, sinceMs, limit }: CallsAsked,
): Promise<LoggedCall[]> {
  const of = organizationId === undefined ? sql`true` : sql`o.id = ${organizationId}`;
  const by = keyId === undefined ? sql`true` : sql`l.key_id = ${keyId}`;
  const rows = await database.transaction((tx) =>
    tx.execute<Record<string, unknown>>(sql`
      select l.id, l.organization_id, l.request_id, l.attempt, l.outcome, l.prompt_tokens, l.completion_tokens, l.cost,
        l.metadata, l.created_at
      from organizations o cross join lateral (
        select * from usage_logs l
        where l.organization_id = o.id and l.action = 'gateway' and l.created_at > now() - make_interval(secs => ${sinceMs / 1000})
          and ${by}
        order by l.created_at desc limit ${limit}
      ) l
      where ${of}
      order by l.created_at desc, l.request_id, l.attempt desc limit ${limit}`),
  );
  return [...rows].map(toCall).toReversed();
}

/** One row of `usage_logs` as it is selected here. */
export function toCall(row: Record<string, unknown>): LoggedCall {
  const about = row.metadata as Record<string, unknown>;
  const text = (value: unknown) => (typeof value === 'string' ? value : null);
  const number = (value: unknown) => (typeof value === 'number' ? value : null);
  return {
    id: String(row.id),
    organizationId: String(row.organization_id),
    requestId: String(row.request_id),
    attempt: Number(row.attempt),
    route: text(about.route),
    target: text(about.target),
    outcome: String(row.outcome),
    status: number(about.status),
    promptTokens: Number(row.prompt_tokens),
    completionTokens: Number(row.completion_tokens),
    firstMs: number(about.firstMs),
    ms: number(about.ms),
    cost: String(row.cost),
    isEstimated: about.estimated === true,
    createdAt: new Date(String(row.created_at)),
  };
}
