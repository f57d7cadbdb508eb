import { z } from '@hono/zod-openapi';
import type { modelPrices } from '../../db/schema/commerce/model-prices.ts';

const roubles = z
  .string()
  .regex(/^(0|[1-9]\d{0,9})(\.\d{1,2})?$/)
  .openapi({ description: 'Roubles for a million tokens', example: '3000.00' });

const fields = { prompt: roubles, completion: roubles, cached: roubles };
const model = z.string().regex(/^[\w.:/*@+-]{1,200}$/);

export const newPriceSchema = z.strictObject({
  model: model.openapi({ description: '`*` applies to every model without its own price' }),
  validFrom: z.iso.datetime().optional().openapi({ description: 'Not in the past; default: now' }),
  ...fields,
});

export const priceSchema = z.strictObject({ model, validFrom: z.iso.datetime(), ...fields }).openapi('ModelPrice');

export const toPrice = (row: typeof modelPrices.$inferSelect): z.output<typeof priceSchema> => ({
  ...row,
  validFrom: row.validFrom.toISOString(),
});
