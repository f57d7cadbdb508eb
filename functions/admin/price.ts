import { z } from '@hono/zod-openapi';
import type { modelPrices } from '../../db/schema/commerce/model-prices.ts';

const roubles = z
  .string()
  .regex(/^(0|[1-9]\d{0,9})(\.\d{1,2})?$/)
  .openapi({ description: 'Roubles for a million tokens', example: '3000.00' });

const ofOne = z
  .string()
  .regex(/^(0|[1-9]\d{0,11})(\.\d{1,8})?$/)
  .nullable();

const fields = { prompt: roubles, completion: roubles, cached: roubles };
const kinds = {
  cacheWrite: roubles.nullable().openapi({ description: 'For a million tokens written to a cache; null: as prompt' }),
  reasoning: roubles.nullable().openapi({ description: 'For a million tokens of reasoning; null: as completion' }),
  image: ofOne.openapi({ description: 'Roubles for one image; null: nothing' }),
  second: ofOne.openapi({ description: 'Roubles for one second of audio; null: nothing' }),
  request: ofOne.openapi({ description: 'Roubles for one request; null: nothing' }),
};
const aboveTokens = z
  .int()
  .min(0)
  .max(1_000_000_000)
  .openapi({ description: 'Applies to requests with more prompt tokens; 0 for all others' });
const model = z.string().regex(/^[\w.:/*@+-]{1,200}$/);

export const newPriceSchema = z.strictObject({
  model: model.openapi({ description: '`*` applies to every model without its own price' }),
  validFrom: z.iso.datetime().optional().openapi({ description: 'Not in the past; default: now' }),
  aboveTokens: aboveTokens.default(0),
  ...fields,
  cacheWrite: kinds.cacheWrite.default(null),
  reasoning: kinds.reasoning.default(null),
  image: kinds.image.default(null),
  second: kinds.second.default(null),
  request: kinds.request.default(null),
});

export const priceSchema = z
  .strictObject({ model, validFrom: z.iso.datetime(), aboveTokens, ...fields, ...kinds })
  .openapi('ModelPrice');

export const toPrice = (row: typeof modelPrices.$inferSelect): z.output<typeof priceSchema> => ({
  ...row,
  validFrom: row.validFrom.toISOString(),
});
