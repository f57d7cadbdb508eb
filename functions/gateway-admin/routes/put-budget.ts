import { createRoute } from '@hono/zod-openapi';
import type { Database } from '../../../db/client.ts';
import { setBudget } from '../../../modules/commerce/budgets/set-budget.ts';
import { budgetNotAccepted } from '../../../modules/commerce/problems.ts';
import { recordAct } from '../../../modules/people/record-act.ts';
import { requireRole } from '../../../modules/people/roles.ts';
import { notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, bodyProblems, json, jsonBody, problems } from '../../../platform/runtime/http/operation.ts';
import { type Router, refuseFields } from '../../../platform/runtime/http/router.ts';
import { budgetSchema, budgetTermsSchema, toBudget } from '../budget.ts';

const route = createRoute({
  method: 'put',
  path: '/api/gateway/budgets',
  operationId: 'setBudget',
  tags: ['gateway'],
  summary: 'Set a budget',
  description:
    'For administrators and owners. Each scope has one budget for each window: this makes it, or replaces its limits. Calls of the gateway and questions about documents count for it; a new budget counts what they cost in the window before.',
  security: bearer,
  request: { body: jsonBody(budgetTermsSchema) },
  responses: {
    200: json(budgetSchema, 'The budget'),
    ...problems(...bodyProblems, budgetNotAccepted, unauthenticated, notFound),
  },
});

export function putBudget(router: Router, { database }: { database: Database }): void {
  router.openapi(
    route,
    async (c) => {
      const { caller } = c.var;
      requireRole(caller, 'admin');
      const { organizationId, userId } = caller;
      const terms = c.req.valid('json');
      const budget = await database.tenant(organizationId, async (tx) => {
        const set = await setBudget(tx, organizationId, terms, new Date());
        await recordAct(tx, { organizationId, actorId: userId, action: 'set-budget', target: set.id, details: terms });
        return set;
      });
      return c.json(toBudget(budget), 200);
    },
    refuseFields(budgetNotAccepted),
  );
}
