import { createRoute } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { findPlan, planSchema, tierParameter } from '../plan.ts';

const route = createRoute({
  method: 'get',
  path: '/api/admin/plans/{tier}',
  operationId: 'getPlan',
  tags: ['administration'],
  summary: 'The figures of a plan',
  security: bearer,
  request: { params: tierParameter },
  responses: { 200: json(planSchema, 'The plan'), ...problems(invalidRequest, unauthenticated, notFound) },
});

export function getPlan(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { tier } = c.req.valid('param');
    return c.json(await database.transaction((tx) => findPlan(tx, tier)), 200);
  });
}
