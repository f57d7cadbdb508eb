import { sql } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { ANY_MODEL } from '../../../db/schema/commerce/model-prices.ts';
import { isoTime } from '../../../db/utc.ts';

/** What a million tokens cost, in roubles, of requests of any length. */
export interface ShownPrice {
  /** ISO 8601. */
  validFrom: string;
  prompt: string;
  completion: string;
  cached: string;
}

export interface PriceInForce {
  /** Null when the model has none and there is no ceiling either: it is refused. */
  now: ShownPrice | null;
  /** `now` is the ceiling of models that have no price. */
  isCeiling: boolean;
  /** The one that follows. */
  next: ShownPrice | null;
}

/** Prices by the names of models, as of this moment. */
export async function pricesInForce(
  database: Pick<Database, 'transaction'>,
  models: readonly string[],
): Promise<Map<string, PriceInForce>> {
  const rows = await database.transaction((tx) =>
    tx.execute<{ model: string; now: ShownPrice | null; next: ShownPrice | null }>(sql`
      select m.model, ${priceOf(sql`valid_from <= now()`, sql`desc`)} as now, ${priceOf(sql`valid_from > now()`, sql`asc`)} as next
      from unnest(${sql.param([...models, ANY_MODEL])}::text[]) as m (model)`),
  );
  const found = new Map([...rows].map((row) => [row.model, row]));
  const ceiling = found.get(ANY_MODEL)?.now ?? null;
  return new Map(
    models.map((model) => {
      const { now = null, next = null } = found.get(model) ?? {};
      return [model, { now: now ?? ceiling, isCeiling: now === null && ceiling !== null, next }];
    }),
  );
}

const priceOf = (when: ReturnType<typeof sql>, order: ReturnType<typeof sql>) => sql`(
  select json_build_object('validFrom', ${isoTime(sql`p.valid_from`)},
    'prompt', p.prompt::text, 'completion', p.completion::text, 'cached', p.cached::text)
  from model_prices p where p.model = m.model and p.above_tokens = 0 and ${when} order by p.valid_from ${order} limit 1)`;
