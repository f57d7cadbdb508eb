import { createRoute, z } from '@hono/zod-openapi';
import { asc, desc } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { modelPrices } from '../../../db/schema/commerce/model-prices.ts';
import { notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { priceSchema, toPrice } from '../price.ts';

const route = createRoute({
  method: 'get',
  path: '/api/admin/prices',
  operationId: 'listModelPrices',
  tags: ['administration'],
  summary: 'What models cost, and from when on',
  security: bearer,
  responses: {
    200: json(z.strictObject({ items: z.array(priceSchema) }), 'By model, the newest price first'),
    ...problems(unauthenticated, notFound),
  },
});

export function listPrices(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const rows = await database.transaction((tx) =>
      tx
        .select()
        .from(modelPrices)
        .orderBy(asc(modelPrices.model), desc(modelPrices.validFrom), asc(modelPrices.aboveTokens)),
    );
    return c.json({ items: rows.map(toPrice) }, 200);
  });
}
