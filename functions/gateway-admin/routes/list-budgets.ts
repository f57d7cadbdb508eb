import { createRoute, z } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { listBudgets as list } from '../../../modules/commerce/budgets/budgets.ts';
import { requireRole } from '../../../modules/people/roles.ts';
import { notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import { budgetSchema, toBudget } from '../budget.ts';

const route = createRoute({
  method: 'get',
  path: '/api/gateway/budgets',
  operationId: 'listBudgets',
  tags: ['gateway'],
  summary: 'Budgets of the organization, and what is spent of them',
  description: 'For administrators and owners.',
  security: bearer,
  responses: {
    200: json(z.strictObject({ items: z.array(budgetSchema) }), 'The budgets'),
    ...problems(unauthenticated, notFound),
  },
});

export function listBudgets(router: Router, { database }: { database: Database }): void {
  router.openapi(route, async (c) => {
    const { caller } = c.var;
    requireRole(caller, 'admin');
    const { organizationId } = caller;
    const budgets = await database.tenant(organizationId, (tx) => list(tx, organizationId, new Date()));
    return c.json({ items: budgets.map(toBudget) }, 200);
  });
}
