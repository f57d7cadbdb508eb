import { sql } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import { isoTime, startOfDay, startOfMonth } from '../../db/utc.ts';
import { trimmed } from '../../modules/commerce/budgets/budgets.ts';

/** Of a key; roubles are exact text. */
interface KeyBudget {
  window: string;
  hard: boolean;
  limitCost: string | null;
  spentCost: string;
  heldCost: string;
  limitTokens: number | null;
  spentTokens: number;
  heldTokens: number;
}

export interface GatewayKey extends Record<string, unknown> {
  id: string;
  budgets: KeyBudget[];
}

/** What is shown of keys, of which `k` is one and `o` its organization; budgets as they stand in the window of this moment. */
export const keyColumns = sql`
  k.id, k.organization_id as "organizationId", o.name as organization, k.name, k.prefix, k.channel, k.routes,
  k.rpm, k.tpm, k.concurrency, ${isoTime(sql`k.last_used_at`)} as "lastUsedAt", ${isoTime(sql`k.expires_at`)} as "expiresAt",
  coalesce((
    select jsonb_agg(jsonb_build_object('window', b."window", 'hard', b.hard,
      'limitCost', b.limit_cost::text, 'spentCost', coalesce(c.spent_cost, 0)::text, 'heldCost', coalesce(c.held_cost, 0)::text,
      'limitTokens', b.limit_tokens, 'spentTokens', coalesce(c.spent_tokens, 0), 'heldTokens', coalesce(c.held_tokens, 0))
      order by b."window")
    from budgets b left join budget_counters c on c.budget_id = b.id and c.start = budget_start(b."window", now())
    where b.organization_id = k.organization_id and b.scope = 'key' and b.scope_id = k.id::text), '[]') as budgets`;

export const toKey = <Key extends GatewayKey>(row: Key): Key => ({ ...row, budgets: row.budgets.map(shown) });

const shown = (budget: KeyBudget): KeyBudget => ({
  ...budget,
  limitCost: budget.limitCost === null ? null : trimmed(budget.limitCost),
  spentCost: trimmed(budget.spentCost),
  heldCost: trimmed(budget.heldCost),
});

/** A key with who made it and what has become of it. */
export interface KeyDetail extends GatewayKey {
  organizationId: string;
  userId: string;
  email: string;
  role: string;
  scopes: string[];
  createdAt: string;
  revokedAt: string | null;
  /** Secrets from before a rotation that still work. */
  earlier: { prefix: string; graceUntil: string; lastUsedAt: string | null }[];
}

/** Also one that was revoked; undefined for an earlier secret of another key. */
export async function findKey(tx: Transaction, id: string): Promise<KeyDetail | undefined> {
  const [row] = await tx.execute<KeyDetail>(sql`
    select ${keyColumns}, k.user_id as "userId", u.email, u.role, k.scopes, ${isoTime(sql`k.created_at`)} as "createdAt",
      ${isoTime(sql`k.revoked_at`)} as "revokedAt",
      coalesce((
        select jsonb_agg(jsonb_build_object('prefix', e.prefix, 'graceUntil', ${isoTime(sql`e.grace_until`)},
          'lastUsedAt', ${isoTime(sql`e.last_used_at`)}) order by e.grace_until desc)
        from api_keys e where e.organization_id = k.organization_id and e.replaced_by = k.id and e.revoked_at is null
          and e.grace_until > now()), '[]') as earlier
    from api_keys k join organizations o on o.id = k.organization_id join users u on u.id = k.user_id
    where k.id = ${id} and k.replaced_by is null`);
  return row && toKey(row);
}

/** Calls of models; roubles are exact text. */
export interface KeyUse extends Record<string, unknown> {
  calls: number;
  failed: number;
  tokens: number;
  cost: string;
}

/** What a key was used for since the month began in UTC, by targets, the most expensive first. */
export async function useOfKey(tx: Transaction, { id, organizationId }: Pick<KeyDetail, 'id' | 'organizationId'>) {
  const rows = await tx.execute<KeyUse & { target: string | null; day: boolean; isTarget: boolean }>(sql`
    select u.target, grouping(u.target) = 0 as "isTarget", u.day, count(*)::int as calls,
      count(*) filter (where u.outcome in ('failed', 'lost'))::int as failed, sum(u.tokens)::float8 as tokens, sum(u.cost)::text as cost
    from (
      select l.metadata ->> 'target' as target, l.created_at >= ${startOfDay} as day, l.outcome, l.cost,
        l.prompt_tokens + l.completion_tokens as tokens
      from usage_logs l
      where l.organization_id = ${organizationId} and l.created_at >= ${startOfMonth} and l.action = 'gateway' and l.key_id = ${id}
    ) u
    group by grouping sets ((u.target), (u.day), ())
    order by sum(u.cost) desc`);
  const use = ({ calls, failed, tokens, cost }: KeyUse): KeyUse => ({ calls, failed, tokens, cost: trimmed(cost) });
  const none: KeyUse = { calls: 0, failed: 0, tokens: 0, cost: '0' };
  const today = rows.find(({ day }) => day === true);
  const month = rows.find(({ day, isTarget }) => day === null && !isTarget);
  return {
    today: today ? use(today) : none,
    month: month?.calls ? use(month) : none,
    byTarget: rows.filter(({ isTarget }) => isTarget).map(({ target, ...row }) => ({ target, ...use(row) })),
  };
}
