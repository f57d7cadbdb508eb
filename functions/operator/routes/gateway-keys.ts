import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '../../../db/client.ts';
import { trimmed } from '../../../modules/commerce/budgets/budgets.ts';
import type { RefusedCalls, RefusedCount } from '../../../modules/models/upstream/refused-calls.ts';
import { readBody } from '../../../platform/runtime/http/read-body.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const ofList = z.strictObject({ organization: z.uuid().optional(), limit: z.int().min(1).max(1_000) });

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

interface GatewayKey extends Record<string, unknown> {
  id: string;
  budgets: KeyBudget[];
}

interface KeysDeps {
  database: Database;
  refusedCalls: RefusedCalls;
}

/** `pandect gateway keys`: API keys that may call models, with their limits, budgets and refusals. The secret is stored nowhere. */
export function gatewayKeys(router: Router, { database, refusedCalls }: KeysDeps): void {
  router.post('/operator/gateway/keys', async (c) => {
    const keys = await listKeys(database, await readBody(c, ofList));
    const refused = await refusedCalls.count(keys.map(({ id }) => id));
    const none: RefusedCount = { today: 0, yesterday: 0 };
    return c.json(keys.map((key) => ({ ...key, refused: refused.get(key.id) ?? none })));
  });
}

/** Those that work, the last used first; budgets as they stand in the window of this moment. */
async function listKeys(
  database: Pick<Database, 'transaction'>,
  { organization, limit }: z.output<typeof ofList>,
): Promise<GatewayKey[]> {
  const meant = organization === undefined ? sql`true` : sql`k.organization_id = ${organization}`;
  const rows = await database.transaction((tx) =>
    tx.execute<GatewayKey>(sql`
      select k.id, k.organization_id as "organizationId", o.name as organization, k.name, k.prefix, k.channel, k.routes,
        k.rpm, k.tpm, k.concurrency,
        to_json(k.last_used_at at time zone 'utc')#>>'{}' || 'Z' as "lastUsedAt",
        to_json(k.expires_at at time zone 'utc')#>>'{}' || 'Z' as "expiresAt",
        coalesce((
          select jsonb_agg(jsonb_build_object('window', b."window", 'hard', b.hard,
            'limitCost', b.limit_cost::text, 'spentCost', coalesce(c.spent_cost, 0)::text, 'heldCost', coalesce(c.held_cost, 0)::text,
            'limitTokens', b.limit_tokens, 'spentTokens', coalesce(c.spent_tokens, 0), 'heldTokens', coalesce(c.held_tokens, 0))
            order by b."window")
          from budgets b left join budget_counters c on c.budget_id = b.id and c.start = budget_start(b."window", now())
          where b.organization_id = k.organization_id and b.scope = 'key' and b.scope_id = k.id::text), '[]') as budgets
      from api_keys k join organizations o on o.id = k.organization_id
      where ${meant} and 'gateway' = any(k.scopes) and k.revoked_at is null and k.replaced_by is null
        and (k.expires_at is null or k.expires_at > now())
      order by k.last_used_at desc nulls last, k.id limit ${limit}`),
  );
  return [...rows].map((row) => ({ ...row, budgets: row.budgets.map(shown) }));
}

const shown = (budget: KeyBudget): KeyBudget => ({
  ...budget,
  limitCost: budget.limitCost === null ? null : trimmed(budget.limitCost),
  spentCost: trimmed(budget.spentCost),
  heldCost: trimmed(budget.heldCost),
});
