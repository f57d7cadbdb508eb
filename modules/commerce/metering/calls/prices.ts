import type { Database } from '../../../../db/client.ts';
import { ANY_MODEL } from '../../../../db/schema/commerce/model-prices.ts';
import { type CallPrice, fromDecimal } from './cost.ts';

/** Prices as this process knows them, a minute old at most. */
export interface Prices {
  /** Resolves when they are fresh. @throws when they cannot be read */
  refresh(): Promise<void>;
  /** Resolves when there are any. */
  known(): Promise<void>;
  /** As `db/functions/commerce/prices/price_of.sql` finds it. */
  find(name: string, at: number, input: number): CallPrice | undefined;
}

const FRESH_MS = 60_000;

interface Row extends Record<'prompt' | 'completion' | 'cached', string> {
  model: string;
  validFrom: number;
  aboveTokens: string;
  cacheWrite: string | null;
  reasoning: string | null;
  image: string | null;
  second: string | null;
  request: string | null;
}

/** Those that are valid or were within a day: what ends later than that was charged as lost. */
const select = `
  select model, (extract(epoch from valid_from) * 1000)::float8 as "validFrom", above_tokens::text as "aboveTokens",
    prompt, completion, cached, cache_write as "cacheWrite", reasoning, image, second, request
  from model_prices p
  where valid_from >= coalesce((
    select max(valid_from) from model_prices o where o.model = p.model and o.valid_from <= now() - interval '1 day'), '-infinity')
  order by model, valid_from desc, above_tokens desc`;

export function createPrices(database: Database, now: () => number = Date.now): Prices {
  let byName: Map<string, CallPrice[]> | undefined;
  let readAt = 0;
  let reading: Promise<void> | undefined;

  async function read(): Promise<void> {
    const at = now();
    const rows = await database.statement<Row>(select, []);
    byName = Map.groupBy(rows.map(toPrice), ({ model }) => model);
    readAt = at;
  }
  const refresh = (): Promise<void> => {
    if (byName && now() - readAt < FRESH_MS) return Promise.resolve();
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  };

  return {
    refresh,
    async known() {
      const fresh = refresh();
      // Old prices are better than none while the database is unavailable.
      if (byName) fresh.catch(() => {});
      else await fresh;
    },
    find(name, at, input) {
      const applies = ({ validFrom, aboveTokens }: CallPrice) =>
        validFrom <= at && (aboveTokens === 0 || aboveTokens < input);
      return byName?.get(name)?.find(applies) ?? byName?.get(ANY_MODEL)?.find(applies);
    },
  };
}

function toPrice(row: Row): CallPrice & { model: string } {
  // Two decimals for a million tokens are eight for one.
  const token = (text: string) => fromDecimal(text, 2);
  const prompt = token(row.prompt);
  const completion = token(row.completion);
  return {
    model: row.model,
    validFrom: row.validFrom,
    aboveTokens: Number(row.aboveTokens),
    ...{ prompt, completion, cached: token(row.cached) },
    cacheWrite: row.cacheWrite === null ? prompt : token(row.cacheWrite),
    reasoning: row.reasoning === null ? completion : token(row.reasoning),
    image: fromDecimal(row.image ?? '0'),
    second: fromDecimal(row.second ?? '0'),
    request: fromDecimal(row.request ?? '0'),
  };
}
