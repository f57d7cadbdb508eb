import { createRoute } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { listBudgets } from '../../../modules/commerce/budgets/budgets.ts';
import { requireRole } from '../../../modules/people/roles.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import { invalidRequest, notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, idParameter, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { budgetSchema, toBudget } from '../budget.ts';

const route = createRoute({
  method: 'get',
  path: '/api/gateway/budgets/{id}',
  operationId: 'getBudget',
  tags: ['gateway'],
  summary: 'One budget, and what is spent of it',
  description: 'For administrators and owners.',
  security: bearer,
  request: { params: idParameter },
  responses: { 200: json(budgetSchema, 'The budget'), ...problems(invalidRequest, unauthenticated, notFound) },
});

export function getBudget(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { caller } = c.var;
    requireRole(caller, 'admin');
    const { organizationId } = caller;
    const { id } = c.req.valid('param');
    const [budget] = await database.tenant(organizationId, (tx) => listBudgets(tx, organizationId, new Date(), id));
    if (!budget) throw new Problem(notFound);
    return c.json(toBudget(budget), 200);
  });
}
