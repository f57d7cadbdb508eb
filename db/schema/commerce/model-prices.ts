import { bigint, numeric, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';
import { everyRow, platformRole, tenantRole } from '../access.ts';

/** The model whose price stands for every model that has none of its own: a ceiling, so that nothing runs for free. */
export const ANY_MODEL = '*';

/**
 * What a million tokens cost, in roubles, from `validFrom` until the next row of the same model. Two decimals for a million make
 * the price of one token exact at eight, which is what `usage_logs.cost` holds.
 */
export const modelPrices = pgTable(
  'model_prices',
  {
    model: text().notNull(),
    validFrom: timestamp({ withTimezone: true }).notNull(),
    /** Of requests with more prompt tokens than this; each price has a row with 0. */
    aboveTokens: bigint({ mode: 'number' }).notNull().default(0),
    prompt: numeric({ precision: 12, scale: 2 }).notNull(),
    completion: numeric({ precision: 12, scale: 2 }).notNull(),
    /** Prompt tokens that the provider had cached; they are not billed as prompt tokens as well. */
    cached: numeric({ precision: 12, scale: 2 }).notNull(),
    /** Prompt tokens that the provider writes to its cache; NULL costs what `prompt` does. */
    cacheWrite: numeric({ precision: 12, scale: 2 }),
    /** Completion tokens of reasoning; NULL costs what `completion` does. */
    reasoning: numeric({ precision: 12, scale: 2 }),
    /** Roubles for one image, one second of audio, one request; NULL costs nothing. */
    image: numeric({ precision: 20, scale: 8 }),
    second: numeric({ precision: 20, scale: 8 }),
    request: numeric({ precision: 20, scale: 8 }),
  },
  (table) => [
    primaryKey({ columns: [table.model, table.validFrom, table.aboveTokens] }),
    everyRow('model_prices', tenantRole),
    everyRow('model_prices', platformRole),
  ],
);
