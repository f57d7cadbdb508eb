import { createRoute, z } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { modelPrices } from '../../../db/schema/commerce/model-prices.ts';
import { freshSignInNeeded } from '../../../modules/people/problems.ts';
import { recordAct } from '../../../modules/people/record-act.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, bodyProblems, json, jsonBody, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { newPriceSchema, priceSchema, toPrice } from '../price.ts';
import { reasonDetails, reasonField } from '../reason.ts';

const route = createRoute({
  method: 'post',
  path: '/api/admin/prices',
  operationId: 'addModelPrice',
  tags: ['administration'],
  summary: 'Set what a model costs from a time on',
  description: 'Prices are append-only: usage is charged at the price in force at its time.',
  security: bearer,
  request: { body: jsonBody(z.strictObject({ ...newPriceSchema.shape, ...reasonField })) },
  responses: {
    201: json(priceSchema, 'The price'),
    ...problems(...bodyProblems, freshSignInNeeded, unauthenticated, notFound),
  },
});

/** Clocks of clients differ. */
const TOLERANCE_MS = 60_000;

export function addPrice(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { validFrom: asked, reason, ...price } = c.req.valid('json');
    const now = Date.now();
    const validFrom = asked === undefined ? new Date(now) : new Date(asked);
    const wrong = (message: string) => new Problem(invalidRequest, { errors: [{ path: 'body.validFrom', message }] });
    if (validFrom.getTime() < now - TOLERANCE_MS) throw wrong('must not be in the past');
    const { userId, organizationId } = c.var.caller;
    const added = await database.transaction(async (tx) => {
      const [row] = await tx
        .insert(modelPrices)
        .values({ ...price, validFrom })
        .onConflictDoNothing()
        .returning();
      if (!row) throw wrong('the model has a price from this time on');
      const shown = toPrice(row);
      const act = {
        organizationId,
        actorId: userId,
        target: price.model,
        details: { ...shown, ...reasonDetails(reason) },
      };
      await recordAct(tx, { ...act, action: 'add-price' });
      return shown;
    });
    return c.json(added, 201);
  });
}
