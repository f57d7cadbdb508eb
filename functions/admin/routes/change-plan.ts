import { createRoute, z } from '@hono/zod-openapi';
import { eq } from 'drizzle-orm';
import type { Database } from '../../../db/client.ts';
import { subscriptionPlans } from '../../../db/schema/commerce/subscription-plans.ts';
import { roublesOf } from '../../../modules/commerce/billing/index.ts';
import { setPlanLimits } from '../../../modules/commerce/metering/index.ts';
import { freshSignInNeeded } from '../../../modules/people/problems.ts';
import { recordAct } from '../../../modules/people/record-act.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, bodyProblems, json, jsonBody, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { findPlan, planChangeSchema, planSchema, tierParameter } from '../plan.ts';
import { reasonDetails, reasonField } from '../reason.ts';

const route = createRoute({
  method: 'put',
  path: '/api/admin/plans/{tier}',
  operationId: 'changePlan',
  tags: ['administration'],
  summary: 'Change a plan',
  description:
    'Applies at once to everybody on the plan; a price, to invoices that are issued from then on. Whether a plan is to be paid for cannot be changed.',
  security: bearer,
  request: { params: tierParameter, body: jsonBody(z.strictObject({ ...planChangeSchema.shape, ...reasonField })) },
  responses: {
    200: json(planSchema, 'The plan'),
    ...problems(...bodyProblems, freshSignInNeeded, unauthenticated, notFound),
  },
});

export function changePlan(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { tier } = c.req.valid('param');
    const { price, units = [], reason, ...figures } = c.req.valid('json');
    const { userId, organizationId } = c.var.caller;
    const changed = await database.transaction(async (tx) => {
      const before = await findPlan(tx, tier);
      if (before.price > 0 !== price > 0) {
        const message = before.price > 0 ? 'must be above 0 for this plan' : 'must be 0 for this plan';
        throw new Problem(invalidRequest, { errors: [{ path: 'body.price', message }] });
      }
      await tx
        .update(subscriptionPlans)
        .set({ ...figures, price: roublesOf(price) })
        .where(eq(subscriptionPlans.tier, tier));
      await setPlanLimits(tx, tier, units);
      const after = await findPlan(tx, tier);
      const details = { before, after, ...reasonDetails(reason) };
      await recordAct(tx, { organizationId, actorId: userId, action: 'change-plan', target: tier, details });
      return after;
    });
    return c.json(changed, 200);
  });
}
